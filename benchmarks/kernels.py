"""Compare ways of multiplying by a language model's weights on a processor, side by side.

    python -m benchmarks.kernels [--threads 1] [--rows 8960] [--columns 1536]

Measures one layer for 1 to 420 tokens, with all that the processor has and with AVX2 alone (torch,
oneDNN and MKL are told so, in a process of its own). The kernels take turns, so that another
program slows all of them; what is printed is the median time as a ratio to eight bits, with
the milliseconds of those, the bytes a weight, and how far the product is from float32's.

    eight bits   `int4_linear`: torch's 8-bit kernel for few tokens, float32 for many
    NF4          bitsandbytes' own kernel with `nf4_prefill`; it needs AVX-512 with bfloat16
    int4 G       `int4_linear`: torch's 4-bit kernel with a scale and a zero for each G weights of a
                 row for few tokens, float32 for many
    float32, bfloat16   torch's product of the plain matrix
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from assistant.model.int4_linear import Int4Linear, Int8Linear, round_to_int4, round_to_int8
from retrieval.encoders.batching import multiplies_bfloat16

AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
TOKEN_COUNTS = (1, 4, 8, 32, 64, 420)
GROUPS = (32, 64, 128)
BASE = "eight bits"

Kernel = Callable[[Tensor], Tensor]  # float32 (tokens, columns) → (tokens, rows)


def int4_kernel(weight: Tensor, group: int) -> Kernel:
    """Return the layer for processors without bitsandbytes' kernel."""
    return Int4Linear.of(round_to_int4(weight, group))


def eight_bit_kernel(weight: Tensor) -> Kernel:
    """Return the layer for what a file holds in five to eight bits, on such processors."""
    return Int8Linear(*round_to_int8(weight), None)


def nf4_kernel(weight: Tensor) -> Kernel:
    """Return the layer for processors with bitsandbytes' kernel."""
    from assistant.model.nf4_prefill import ManyTokens
    from assistant.model.quantise import nf4_layer

    linear = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    linear.weight.data = weight.bfloat16()
    layer = ManyTokens(nf4_layer(linear).eval())
    layer(torch.zeros(1, weight.shape[1], dtype=torch.bfloat16))  # packs the weights
    return lambda tokens: layer(tokens.bfloat16()).float()


def kernels(weight: Tensor, *, narrow: bool) -> dict[str, tuple[Kernel, float]]:
    """Return each kernel with its bytes a weight; `narrow`: as if there were no AVX-512."""
    from assistant.model.quantise import be_quiet

    be_quiet()
    half = weight.bfloat16()
    made: dict[str, tuple[Kernel, float]] = {BASE: (eight_bit_kernel(weight), 1.0)}
    if multiplies_bfloat16(torch.device("cpu")) and not narrow:
        made["NF4"] = (nf4_kernel(weight), 0.5 + 4 / 64)
    for group in GROUPS:
        made[f"int4 {group}"] = (int4_kernel(weight, group), 0.5 + 4 / group)
    made["float32"] = (lambda tokens: tokens @ weight.T, 4.0)
    made["bfloat16"] = (lambda tokens: (tokens.bfloat16() @ half.T).float(), 2.0)
    return made


@torch.inference_mode()
def medians(made: Mapping[str, tuple[Kernel, float]], tokens: Tensor) -> dict[str, float]:
    """Return each kernel's median milliseconds; they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in made}
    for turn in range(4 + 200 // (len(tokens) + 8)):
        for name, (kernel, _) in made.items():
            started = perf_counter()
            kernel(tokens)
            if turn:  # the first is for warming
                taken[name].append(1000 * (perf_counter() - started))
    return {name: median(times) for name, times in taken.items()}


@torch.inference_mode()
def compare_kernels(rows: int, columns: int, *, narrow: bool) -> None:
    """Print a table of ratios for one matrix."""
    torch.manual_seed(7)
    weight = torch.randn(rows, columns) * torch.rand(rows, 1) * 0.05
    made = kernels(weight, narrow=narrow)
    probe = torch.randn(16, columns)
    exact = probe @ weight.T
    errors = {n: float((k(probe) - exact).norm() / exact.norm()) for n, (k, _) in made.items()}
    print(f"\n{torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads")
    print("tokens".rjust(7), "ms".rjust(8), *(name.rjust(10) for name in made))
    for count in TOKEN_COUNTS:
        times = medians(made, torch.randn(count, columns))
        ratios = (f"{times[name] / times[BASE]:10.2f}" for name in made)
        print(f"{count:7} {times[BASE]:8.2f}", *ratios)
    print("bytes a weight".rjust(16), *(f"{size:10.2f}" for _, size in made.values()))
    print("error".rjust(16), *(f"{errors[name]:10.3f}" for name in made))


def main() -> None:
    """Compare with all that the processor has, then with AVX2 alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rows", type=int, default=8960)
    parser.add_argument("--columns", type=int, default=1536)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    narrow = AVX2.items() <= os.environ.items()
    compare_kernels(given.rows, given.columns, narrow=narrow)
    if not narrow:
        sys.stdout.flush()
        again = [sys.executable, "-m", "benchmarks.kernels", *sys.argv[1:]]
        subprocess.run(again, env=os.environ | AVX2, check=True)


if __name__ == "__main__":
    main()
