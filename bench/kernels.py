#!/usr/bin/env python3
"""Speed of single kernels, by JMH.

    bench/kernels.py                                             all of them
    bench/kernels.py ProductBench -p type=Q4_0,Q6_K -p rows=1    products of these types with one row
    bench/kernels.py -h                                          JMH's options

`bytes` is bytes of weights per second, `multiplyAdds` multiplications per second; `jebena bench model` prints what the
machine can do of both.
"""
import sys

import jvm

if __name__ == "__main__":
    sys.exit(jvm.run_jmh(sys.argv[1:]))
