"""Which addresses are asked, which machines may answer, and what first bytes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.catalogue.web.address import may_answer, read_target, redirected
from retrieval.catalogue.web.signatures import described, recognise
from retrieval.errors import MediaError


@pytest.mark.parametrize(
    ("address", "sent", "authority"),
    [
        ("https://shop.test/a.jpg", "https://shop.test/a.jpg", "shop.test"),
        ("HTTPS://Shop.Test:443/a b.jpg#top", "https://shop.test/a%20b.jpg", "shop.test"),
        ("http://shop.test:8080", "http://shop.test:8080/", "shop.test:8080"),
        ("http://shop.test./x?v=1&w=ä", "http://shop.test/x?v=1&w=%C3%A4", "shop.test"),
        ("https://bücher.test/%C3%A4.png", "https://xn--bcher-kva.test/%C3%A4.png", None),
        ("http://[2606:4700::1111]/x", "http://[2606:4700::1111]/x", "[2606:4700::1111]"),
    ],
)
def test_an_address_is_taken_apart(address, sent, authority):
    target = read_target(address)
    assert target.address == sent
    assert authority in (None, target.authority)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://shop.test/a.jpg", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("shop.test/a.jpg", "neither http nor https"),
        ("https://me:secret@shop.test/a.jpg", "password"),
        ("https://shop.test@127.0.0.1/a.jpg", "password"),
        ("https:///a.jpg", "no proper host"),
        ("https://a..b/x", "no proper host"),
        ("https://shop .test/x", "no proper host"),
        ("https://shop.test\\@127.0.0.1/", "password"),
        ("https://shop.test:99999/x", "is no address"),
        ("https://shop.test:0/x", "port 0"),
        ("https://[::1/x", "is no address"),
        ("https://[fe80::1%25eth0]/x", "no proper host"),
        ("http://2130706433/x", "by a number"),
        ("http://0x7f000001/x", "by a number"),
        ("http://0x7f.1/x", "by a number"),
        ("http://0177.0.0.1/x", "by a number"),
        ("http://127.1/x", "by a number"),
        ("http://017700000001/x", "by a number"),
        ("http://127.0.0.0x1/x", "by a number"),
        ("http://" + "a" * 5000, "longer than"),
    ],
)
def test_an_address_is_refused(address, reason):
    with pytest.raises(MediaError, match=reason):
        read_target(address)


@pytest.mark.parametrize("written", ["１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1"])
def test_a_number_in_other_characters_is_the_same_number(written):
    assert read_target(f"http://{written}/x").host == "127.0.0.1"


INSIDE = """
    127.0.0.1 127.255.0.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.9.9 192.168.1.1 100.64.0.1 ::1
    fc00::1 fd12:3456::1 ::ffff:127.0.0.1 ::ffff:10.1.1.1 64:ff9b::10.0.0.1 2002:7f00:1::
""".split()
NEVER = """
    0.0.0.0 0.1.2.3 169.254.169.254 169.254.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 ::
    fe80::1 fe80::1%eth0 ff02::1 fec0::1 ::ffff:169.254.169.254 ::ffff:0.0.0.0 64:ff9b::169.254.169.254
    2002:a9fe:a9fe:: ::127.0.0.1 2001:0:1::1 2001:db8::1 192.0.2.1 198.51.100.1 203.0.113.5
    198.18.0.1 100::1 64:ff9b:1::1 ffff::1 shop.test 2130706433x
""".split()
PUBLIC = (
    "1.1.1.1 8.8.8.8 172.32.0.1 192.167.1.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8".split()
)


@pytest.mark.parametrize("machine", INSIDE + NEVER)
def test_a_machine_that_is_not_public_may_not_answer(machine):
    assert not may_answer(machine)


@pytest.mark.parametrize("machine", PUBLIC)
def test_a_public_machine_may_answer(machine):
    assert may_answer(machine)
    assert may_answer(machine, private=True)


def test_who_allows_the_own_network_allows_no_more():
    own = [one for one in INSIDE if not one.startswith("2002")]
    assert [one for one in own if not may_answer(one, private=True)] == []
    assert [one for one in NEVER if may_answer(one, private=True)] == []


@given(st.ip_addresses())
def test_what_may_answer_is_global_and_for_one(machine):
    if may_answer(str(machine)):
        assert not machine.is_loopback
        assert not machine.is_link_local
        assert not machine.is_multicast
        assert not machine.is_unspecified
        assert may_answer(str(machine), private=True)


@given(st.text(), st.sampled_from(["http://", "https://", "//", ""]))
def test_whatever_is_written_becomes_a_plain_target_or_is_refused(text, scheme):
    try:
        target = read_target(scheme + text)
    except MediaError:
        return
    assert target.scheme in ("http", "https")
    assert target.host
    sent = target.address
    assert sent.isascii()
    assert sent.isprintable()
    assert not set(sent) & set(' \t"<>\\^`{|}')
    assert read_target(sent) == target


def test_a_redirect_is_read_against_the_address_before_it():
    target = read_target("https://shop.test/a/b.jpg")
    assert redirected(target, "../c.jpg").address == "https://shop.test/c.jpg"
    assert redirected(target, "//cdn.test/c").address == "https://cdn.test/c"
    with pytest.raises(MediaError, match="redirected to 'file:///x', which is neither http nor"):
        redirected(target, "file:///x")


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        (b"\0\0\0\x1cftypavif", "picture"),
        (b"\0\0\0\x1cftypisom", "recording"),
        (b"RIFF\0\0\0\0WAVEfmt ", "recording"),
        (b"\xff\xfb\x90\x64", "recording"),
        (b"OggS", "recording"),
        (b"\x1a\x45\xdf\xa3", "recording"),
        (b"G" + b"\0" * 187 + b"G", "recording"),
        (b"FORM\0\0\0\0AIFF", "recording"),
        (b"<!DOCTYPE html>", None),
        (b"\0\0\0\x1cftypheic", "picture"),
        (b"#EXTM3U", None),
        (b"", None),
    ],
)
def test_first_bytes_say_what_a_file_is(first, kind):
    found = recognise(first)
    assert (found[0] if found else None) == kind


def test_what_is_neither_is_named():
    assert described(b"\xef\xbb\xbf\n <!DOCTYPE html>") == "a web page"
    assert described(b'<?xml version="1.0"?><svg>') == "an SVG drawing"
    assert described(b"\0\0\0\x1cftypcrx ") == "a raw photo"
    assert described(b"%!PS-Adobe-3.0 EPSF-3.0") == "a PostScript drawing"
    assert described(b"hello") == "something else"
