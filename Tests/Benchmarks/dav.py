"""The bodies of DAV requests, and what their answers say."""

import re
from xml.sax.saxutils import escape

NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"'

LISTING = f"<D:propfind {NAMESPACES}><D:prop><D:getetag/></D:prop></D:propfind>".encode()
TOKEN = f"<D:propfind {NAMESPACES}><D:prop><D:sync-token/></D:prop></D:propfind>".encode()

RESPONSE = re.compile(rb"<(?:[\w.-]+:)?response[\s>]")
HREF = re.compile(rb"<(?:[\w.-]+:)?href[^>]*>([^<]*)<")
SYNC_TOKEN = re.compile(rb"<(?:[\w.-]+:)?sync-token[^>]*>([^<]*)<")


def sync(token):
    """RFC 6578: what changed since the token."""
    return (
        f"<D:sync-collection {NAMESPACES}><D:sync-token>{escape(token)}</D:sync-token>"
        "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
    ).encode()


def multiget(paths):
    """RFC 6352 §8.7: these cards, whole."""
    hrefs = "".join(f"<D:href>{escape(path)}</D:href>" for path in paths)
    return (
        f"<C:addressbook-multiget {NAMESPACES}><D:prop><D:getetag/><C:address-data/></D:prop>"
        f"{hrefs}</C:addressbook-multiget>"
    ).encode()


def query(part):
    """RFC 6352 §8.6: cards whose FN contains the text."""
    return (
        f"<C:addressbook-query {NAMESPACES}><D:prop><D:getetag/></D:prop>"
        '<C:filter><C:prop-filter name="FN"><C:text-match collation="i;unicode-casemap" '
        f'match-type="contains">{escape(part)}</C:text-match></C:prop-filter></C:filter>'
        "</C:addressbook-query>"
    ).encode()


def responses(body):
    """How many resources a multistatus speaks of."""
    return len(RESPONSE.findall(body))


def response_of(body, path):
    """The part of a multistatus that speaks of this path, or nothing."""
    for part in RESPONSE.split(body)[1:]:
        href = HREF.search(part)
        if href and href.group(1).decode().endswith(path):
            return part
    return b""


def sync_token(body):
    """The token that a multistatus hands out."""
    found = SYNC_TOKEN.search(body)
    return found.group(1).decode() if found else ""
