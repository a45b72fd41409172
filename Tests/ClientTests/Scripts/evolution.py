"""Drives Evolution's own WebDAV library against a book, and prints what it understood as JSON.

Usage: evolution.py HOME-URL USER PASSWORD

Needs no D-Bus and no Evolution: libedataserver by its introspection data.
"""
import json
import sys

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("Soup", "3.0")
from gi.repository import EDataServer, GLib  # noqa: E402

home, user, password = sys.argv[1:]
book = home + "evolution/"
seen = {}


def session():
    """A session as the CardDAV backend has one."""
    uri = GLib.Uri.parse(book, GLib.UriFlags.NONE)
    source = EDataServer.Source.new_with_uid("contacts", None)
    authentication = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
    authentication.set_method("plain/password")
    authentication.set_user(user)
    authentication.set_host(uri.get_host())
    authentication.set_port(uri.get_port())
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(uri)
    credentials = EDataServer.NamedParameters.new()
    credentials.set("username", user)
    credentials.set("password", password)
    made = EDataServer.WebDAVSession.new(source)
    made.set_credentials(credentials)
    return made


def card(name):
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:e-1\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n"


def put(name, etag):
    """Stores the card; no ETag means that it must be new."""
    text = card(name)
    kind = "text/vcard; charset=utf-8"
    return dav.put_data_sync(book + "e-1.vcf", etag, kind, None, text, len(text.encode()), None)


def listed(url, depth="1"):
    flags = EDataServer.WebDAVListFlags
    wanted = int(flags.ETAG | flags.DISPLAY_NAME | flags.DESCRIPTION | flags.SUPPORTS)
    _, resources = dav.list_sync(url, depth, wanted, None)
    return [
        {
            "href": GLib.Uri.parse(found.href, GLib.UriFlags.ENCODED).get_path(),
            "name": found.display_name,
            "description": found.description,
            "etag": found.etag,
            "isBook": found.kind == EDataServer.WebDAVResourceKind.ADDRESSBOOK,
        }
        for found in resources
    ]


dav = session()
seen["made"] = dav.mkcol_addressbook_sync(book, "Evolution & Söhne", "made by the library", None)
seen["books"] = listed(home)
seen["optionsAccepted"] = dav.options_sync(book, None)[0]
seen["privileges"] = [found.name for found in dav.get_current_user_privilege_set_sync(book, None)[1]]
seen["ctagEmpty"] = dav.getctag_sync(book, None)[1]
_, _, seen["etagPut"], _ = put("One", None)
seen["ctagOne"] = dav.getctag_sync(book, None)[1]
_, _, seen["etagGet"], _, text, _ = dav.get_data_sync(book + "e-1.vcf", None)
seen["text"] = text if isinstance(text, str) else bytes(text).decode()
seen["cards"] = listed(book)
try:
    put("Again", None)
    seen["secondCreate"] = "taken"
except GLib.Error as error:
    seen["secondCreate"] = error.code
put("Two", seen["etagPut"])
try:
    put("Stale", seen["etagPut"])
    seen["staleUpdate"] = "taken"
except GLib.Error as error:
    seen["staleUpdate"] = error.code
seen["deleted"] = dav.delete_sync(book + "e-1.vcf", None, listed(book)[1]["etag"], None)
seen["left"] = [found["href"] for found in listed(book)]
change = EDataServer.WebDAVPropertyChange.new_set("DAV:", "displayname", "Renamed")
seen["renamed"] = dav.update_properties_sync(book, [change], None)
seen["name"] = listed(book, "0")[0]["name"]
print(json.dumps(seen))
