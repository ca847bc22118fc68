"""The part of panoramisk 1.4 that telephony.asterisk.manager_link uses; the package has no types of its own."""

from panoramisk.manager import Manager as Manager
