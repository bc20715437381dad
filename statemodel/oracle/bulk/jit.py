"""How functions are compiled with Numba, and the few instructions it has no words for. The only importer of it.

What is compiled is kept on disk beside the module it stands in, until that module changes; who changes a function that
is compiled into those of other modules removes what was kept of them.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
BYTE, NUMBER, WORD = ir.IntType(8), ir.IntType(32), ir.IntType(64)
PREFETCH: Final = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer(), NUMBER, NUMBER, NUMBER])


def compiled(function: F) -> F:
    """The function, compiled where it is first used; kept on disk where that can be."""
    return _made(function, is_inlined=False)


def inlined(function: F) -> F:
    """The function, compiled into those that call it: short ones that are called for every byte or record."""
    return _made(function, is_inlined=True)


def _made(function: F, *, is_inlined: bool) -> F:
    try:
        made = numba.njit(cache=True, nogil=True, forceinline=is_inlined)(function)
    except RuntimeError:  # nowhere to keep it
        made = numba.njit(nogil=True, forceinline=is_inlined)(function)
    return made


def _place(context: Any, builder: Any, signature: Any, args: Any, kind: Any) -> Any:
    """Where an item of an array stands."""
    array = context.make_array(signature.args[0])(context, builder, args[0])
    number = context.cast(builder, args[1], signature.args[1], types.intp)
    return builder.bitcast(builder.gep(array.data, [number]), kind.as_pointer())


def _word(_context: Any, data: Any, here: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, signature, args, WORD), align=1)

    return types.uint64(data, here), generate


def _fetch(_context: Any, data: Any, here: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        name = "llvm.prefetch.p0"
        function = builder.module.globals.get(name) or ir.Function(builder.module, PREFETCH, name)
        place = _place(context, builder, signature, args, BYTE)
        builder.call(function, [place, NUMBER(0), NUMBER(3), NUMBER(1)])  # to read, and again soon; data
        return context.get_dummy_value()

    return types.void(data, here), generate


def _zeros(_context: Any, _bits: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.IntType(1)(0))

    return types.uint64(types.uint64), generate


word: Any = intrinsic(_word)
"""`word(data, here)`: eight bytes of `data` from a place on, first one lowest. That they are there is not checked."""
fetch: Any = intrinsic(_fetch)
"""`fetch(data, here)`: have an item of an array brought near that is soon looked at."""
zeros: Any = intrinsic(_zeros)
"""`zeros(bits)`: how many of the lowest bits of a word are zero; 64 where none is set."""
