#!/usr/bin/env python3
"""Tensors against libtorch (DJL's pytorch-native-cpu) on this machine: operations and whole training steps.

    bench/tensors.py                           everything, with one and with two threads, as a table
    bench/tensors.py gemm train --threads 1    what begins with these words: gemm, conv, attention, norm, train
    bench/tensors.py --rounds 15               more turns of both sides

Both sides run in one process and take turns of a third of a second, so a ratio compares neighbours in time; the median
of the turns counts, with the least and the largest ratio beside it. Results are compared before anything is timed.
"""
import sys

import jvm

if __name__ == "__main__":
    if "-h" in sys.argv or "--help" in sys.argv:
        sys.exit(__doc__)
    flags = ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx4g",
             "-Dai.djl.offline=true", "-Dai.djl.pytorch.num_interop_threads=1"]
    sys.exit(jvm.run("dev.jebena.bench.TensorBench", sys.argv[1:], flags))
