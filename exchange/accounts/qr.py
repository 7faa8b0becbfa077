"""QR codes as the path of an inline SVG: no data: address, no markup made of strings."""

from __future__ import annotations

import qrcode


def squares(text: str) -> tuple[int, str]:
    """Side of the picture in modules (with its quiet zone), and the path of all dark modules."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, line in enumerate(matrix) for x, is_dark in enumerate(line) if is_dark)
    return len(matrix), path
