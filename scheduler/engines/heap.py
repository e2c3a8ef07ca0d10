"""A binary heap in two arrays, compiled: keys and items, the least key first, ties by item."""

from typing import Any

from numba import njit


@njit(cache=True, nogil=True)
def push(keys: Any, items: Any, size: Any, key: Any, item: Any) -> Any:
    """Adds to the binary heap keys/items of `size`; returns the new size."""
    i = size
    while i > 0:
        p = (i - 1) >> 1
        if keys[p] < key or (keys[p] == key and items[p] <= item):
            break
        keys[i] = keys[p]
        items[i] = items[p]
        i = p
    keys[i] = key
    items[i] = item
    return size + 1


@njit(cache=True, nogil=True)
def pop(keys: Any, items: Any, size: Any) -> Any:
    """Removes the least of the heap (at index 0); returns the new size."""
    size -= 1
    key = keys[size]
    item = items[size]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= size:
            break
        if c + 1 < size and (keys[c + 1] < keys[c] or (keys[c + 1] == keys[c] and items[c + 1] < items[c])):
            c += 1
        if keys[c] > key or (keys[c] == key and items[c] >= item):
            break
        keys[i] = keys[c]
        items[i] = items[c]
        i = c
    keys[i] = key
    items[i] = item
    return size
