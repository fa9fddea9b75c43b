"""Scripts that make the weights shipped with `kokemus.comments` from open data, bit for bit.

With one thread: several add in another order, and what they add up rounds otherwise.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_variable] = "1"
