"""Chromium as somebody's telephone: its microphone is a tone, and what arrives can be listened to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from playwright.async_api import BrowserContext, Page

from madoguchi.demo.phones import tones
from madoguchi.demo.phones.tones import Samples
from tests.acceptance.console.conftest import chromium, context_of
from tests.phones.baresip import write_voice

# Listens at the track that arrives, as the page's own ear does, and takes the microphone as it is: to whoever
# takes noise out of speech, a tone that never changes is noise.
LISTEN: Final = f"""
{{
    const sound = new AudioContext({{ sampleRate: {tones.RATE}, sinkId: {{ type: "none" }} }});
    let [latest, analyser] = [null, null];
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {{
        construct: (kind, given) => {{
            const made = new kind(...given);
            made.addEventListener("track", ({{ track }}) => {{
                [latest, analyser] = [made, new AnalyserNode(sound, {{ fftSize: 32768 }})];
                sound.createMediaStreamSource(new MediaStream([track])).connect(analyser);
            }});
            return made;
        }},
    }});
    window.hear = async (seconds) => {{
        const until = sound.currentTime + seconds;
        while (sound.currentTime < until) {{
            if (!latest || latest.connectionState === "closed") return [];
            await new Promise((done) => setTimeout(done, 10));
        }}
        const samples = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(samples);
        const last = samples.slice(-Math.round(seconds * sound.sampleRate));
        return Array.from(last, (sample) => Math.round(sample * {tones.FULL_SCALE:.0f}));
    }};
    const [devices, untouched] = [navigator.mediaDevices, {{
        echoCancellation: false, noiseSuppression: false, autoGainControl: false,
    }}];
    const given = devices.getUserMedia.bind(devices);
    devices.getUserMedia = () => given({{ audio: untouched }});
}}
"""


@dataclass(frozen=True, slots=True)
class PageEar:
    """What arrives at the telephone in a page."""

    page: Page

    async def hear(self, seconds: float) -> Samples:
        """Hear the next *seconds*, 8,000 samples each; nothing at all when no call is up."""
        heard = await self.page.evaluate("(seconds) => window.hear(seconds)", seconds)
        return np.array(heard, np.float64) / tones.FULL_SCALE


@asynccontextmanager
async def browser_with(hertz: float, folder: Path) -> AsyncIterator[BrowserContext]:
    """Run a Chromium that hears *hertz* at its microphone; the sound is kept below *folder*."""
    voice = write_voice(folder / f"{hertz}.wav", hertz)
    async with chromium(f"--use-file-for-fake-audio-capture={voice}") as browser:
        context = await context_of(browser)
        await context.add_init_script(LISTEN)
        yield context
