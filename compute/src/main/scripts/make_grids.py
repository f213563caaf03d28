"""Writes the grids of the IQ formats as resource files.

The grids are data of the GGUF format: fixed lists of points, which the formats refer to by number.
This script takes them from the public Python package `gguf` (made with version 0.19.0):

    pip install gguf
    python compute/src/main/scripts/make_grids.py compute/src/main/resources/dev/jebena/compute

A file holds one small number for each coordinate, first coordinate in the lowest bits: two bits for
IQ1 and IQ2, four bits for IQ3. `Grids.java` says which value each number stands for.
"""

import pathlib
import sys

from gguf import quants

folder = pathlib.Path(sys.argv[1])
for name in ["IQ1_S", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S"]:
    kind = getattr(quants, name)
    points, coordinates = kind.grid_shape
    data = bytes.fromhex(kind.grid_hex.decode("ascii"))
    bits = 4 if name.startswith("IQ3") else 2
    assert len(data) * 8 == points * coordinates * bits, name
    (folder / f"{name.lower()}.grid").write_bytes(data)
