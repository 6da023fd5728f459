"""The machine's own RSA-2048 sign rate: the ceiling of a service whose every token is signed."""

from __future__ import annotations

import multiprocessing
import time

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

_PAYLOAD = b"x" * 1200


def _sign(seconds: float, rates: multiprocessing.SimpleQueue[float]) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        key.sign(_PAYLOAD, padding.PKCS1v15(), SHA256())
        count += 1
    rates.put(count / (time.perf_counter() - start))


def sign_limit(processes: int, seconds: float = 2.0) -> float:
    """Signatures a second of *processes* together."""
    context = multiprocessing.get_context("spawn")
    rates = context.SimpleQueue()
    running = [context.Process(target=_sign, args=(seconds, rates)) for _ in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    return sum(rates.get() for _ in running)
