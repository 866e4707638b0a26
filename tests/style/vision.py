"""How far apart two colours are to the eye: CIELAB and CIEDE2000, with colour blindness and in grey."""

import numpy as np
from matplotlib.colors import to_rgb

# Machado, Oliveira & Fernandes (2009), severity 1, for linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(color, seen_by="none"):
    """CIELAB (D65) of a colour as it is seen."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(BLINDNESS[seen_by]) @ linear, 0, 1)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ linear
        / [0.9505, 1.0, 1.089]
    )
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a, b, seen_by="none"):
    return np.linalg.norm(lab(a, seen_by) - lab(b, seen_by))


def delta_e(a, b, seen_by="none"):
    """CIEDE2000 of two colours (Sharma, Wu & Dalal 2005, equations 2 to 22)."""
    if seen_by == "grey":
        # What a print in grey leaves: the lightness alone.
        return abs(lab(a)[0] - lab(b)[0])
    return ciede2000(lab(a, seen_by), lab(b, seen_by))


def ciede2000(first, second):
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretched = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    c1, c2 = np.hypot(stretched * a1, b1), np.hypot(stretched * a2, b2)
    h1 = np.degrees(np.arctan2(b1, stretched * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, stretched * a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    d_light, d_chroma, d_hue = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    cosines = [(-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)]
    t = 1 + sum(w * np.cos(np.radians(n * hue + at)) for w, n, at in cosines)
    s_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    x, y, z = d_light / s_light, d_chroma / (1 + 0.045 * chroma), d_hue / (1 + 0.015 * chroma * t)
    rotation = -np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    rotation *= 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    return np.sqrt(x**2 + y**2 + z**2 + rotation * y * z)
