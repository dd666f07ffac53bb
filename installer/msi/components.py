#!/usr/bin/env python3
"""Lists the files of the payload for wixl: a component each, with an identifier that is the same
in every build of one version, and another in another version, because the folder is another one.

    components.py PAYLOAD VERSION > files.wxs
"""
import pathlib
import sys
import uuid
from xml.sax.saxutils import quoteattr

NAMESPACE = uuid.UUID("5b0ee0a0-6d8c-4b6f-9a51-2f6b3a6a8f10")  # of Hauspost's components, for ever


def identifier(prefix, path):
    """At most 72 characters, as Windows Installer wants them, and no two alike."""
    return prefix + uuid.uuid5(NAMESPACE, str(path)).hex


def folder_lines(folder, root, version, names):
    for path in sorted(folder.iterdir()):
        relative = path.relative_to(root)
        if path.is_dir():
            name = "BINFOLDER" if str(relative) == "bin" else identifier("d", relative)
            yield f"<Directory Id={quoteattr(name)} Name={quoteattr(path.name)}>"
            yield from folder_lines(path, root, version, names)
            yield "</Directory>"
            continue
        component = identifier("c", relative)
        names.append(component)
        guid = uuid.uuid5(NAMESPACE, f"{version}/{relative}")
        yield f'<Component Id="{component}" Guid="{guid}" Win64="yes">'
        yield (f'<File Id="{identifier("f", relative)}" Name={quoteattr(path.name)} '
               f'Source={quoteattr(str(path))} KeyPath="yes"/>')
        yield "</Component>"


def main(payload, version):
    root = pathlib.Path(payload)
    names = []
    print('<?xml version="1.0" encoding="utf-8"?>')
    print('<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi"><Fragment>')
    print('<DirectoryRef Id="VERSIONFOLDER">')
    print("\n".join(folder_lines(root, root, version, names)))
    print('</DirectoryRef>\n<ComponentGroup Id="Files">')
    for name in names:
        print(f'<ComponentRef Id="{name}"/>')
    print("</ComponentGroup></Fragment></Wix>")


main(*sys.argv[1:])
