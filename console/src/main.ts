// The console's entry: everything but the telephone's SIP part, which is fetched when a tab becomes the phone.

import "./pages/mado-app";
