"""The pages stay small: what is fetched before anybody can work, as it goes over the wire."""

import gzip

from madoguchi.controller.site import BUILT_CONSOLE

MOST_BYTES = 250_000


def test_the_console_without_its_telephone_fits_its_budget() -> None:
    files = [file for file in (BUILT_CONSOLE / "assets").iterdir() if file.suffix in {".js", ".css", ".svg"}]
    (softphone,) = (file for file in files if file.name.startswith("softphone-"))
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files}
    before_work = sum(size for name, size in sizes.items() if name != softphone.name)
    print(f"\n{before_work:,} bytes before work, {sizes[softphone.name]:,} the telephone")  # noqa: T201
    assert before_work <= MOST_BYTES
