"""A request that breaks off is no request."""

import io

import pytest

from plumbline.site.wsgi import WholeBody


def test_whole_body_is_handed_on_in_any_pieces():
    assert WholeBody(io.BytesIO(b"abcdef"), 6).read() == b"abcdef"
    body = WholeBody(io.BytesIO(b"ab\ncdef"), 7)
    assert [body.read(1), body.readline(), body.read(0), body.read(3), body.read(9)] == [b"a", b"b\n", b"", b"cde", b"f"]
    assert body.read(1) == b""


@pytest.mark.parametrize("ask", [lambda body: body.read(), lambda body: body.readline(), lambda body: body.read(8)])
def test_missing_byte_is_noticed_at_the_end(ask):
    body = WholeBody(io.BytesIO(b""), 1)
    with pytest.raises(OSError, match="broke off"):
        ask(body)


def test_half_a_body_is_noticed():
    body = WholeBody(io.BytesIO(b"abc"), 6)
    assert body.read(6) == b"abc"
    with pytest.raises(OSError, match="broke off"):
        body.read(3)
