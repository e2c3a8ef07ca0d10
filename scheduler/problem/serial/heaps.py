"""Heaps of blocks by key, in arrays of a fixed size."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner


@inner
def push(heap: Any, key: Any, size: Any, block: Any) -> Any:
    """Adds a block to a heap by key; returns the new size."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if key[heap[parent]] <= key[block]:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = block
    return size + 1


@inner
def pop(heap: Any, key: Any, size: Any) -> Any:
    """Removes the first block of a heap, which is heap[0]; returns the new size."""
    size -= 1
    if size > 0:
        sink(heap, key, size, 0, heap[size])
    return size


@inner
def sink(heap: Any, key: Any, size: Any, i: Any, block: Any) -> None:
    """Puts a block where it belongs below place i."""
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[block]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = block


@inner
def mend(heap: Any, key: Any, size: Any) -> None:
    """Makes a heap of one whose keys have changed. Source: Floyd 1964."""
    for i in range(size - 1, 0, -1):
        if key[heap[(i - 1) >> 1]] > key[heap[i]]:
            for x in range((size >> 1) - 1, -1, -1):
                sink(heap, key, size, x, heap[x])
            return
