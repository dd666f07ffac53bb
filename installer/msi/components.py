#!/usr/bin/env python3
"""Lists the files of the payload for wixl: a component each, with an identifier that is the same
in every build of one version, and another in another version, because the folder is another one.
Those that PANEL-FILES lists are the group Panel, all others the group Files.

    components.py PAYLOAD VERSION PANEL-FILES > files.wxs
"""
import pathlib
import sys
import uuid
from xml.sax.saxutils import quoteattr

NAMESPACE = uuid.UUID("5b0ee0a0-6d8c-4b6f-9a51-2f6b3a6a8f10")  # of Hauspost's components, for ever


def identifier(prefix, path):
    """At most 72 characters, as Windows Installer wants them, and no two alike."""
    return prefix + uuid.uuid5(NAMESPACE, str(path)).hex


def folder_lines(folder, root, version, components):
    for path in sorted(folder.iterdir()):
        relative = path.relative_to(root)
        if path.is_dir():
            name = "BINFOLDER" if str(relative) == "bin" else identifier("d", relative)
            yield f"<Directory Id={quoteattr(name)} Name={quoteattr(path.name)}>"
            yield from folder_lines(path, root, version, components)
            yield "</Directory>"
            continue
        component = identifier("c", relative)
        components.append((component, str(relative)))
        guid = uuid.uuid5(NAMESPACE, f"{version}/{relative}")
        yield f'<Component Id="{component}" Guid="{guid}" Win64="yes">'
        yield (f'<File Id="{identifier("f", relative)}" Name={quoteattr(path.name)} '
               f'Source={quoteattr(str(path))} KeyPath="yes"/>')
        yield "</Component>"


def group_lines(name, components):
    yield f'<ComponentGroup Id="{name}">'
    for component in components:
        yield f'<ComponentRef Id="{component}"/>'
    yield "</ComponentGroup>"


def main(payload, version, panel_files):
    root = pathlib.Path(payload)
    panel = set(pathlib.Path(panel_files).read_text().splitlines())
    components = []
    print('<?xml version="1.0" encoding="utf-8"?>')
    print('<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi"><Fragment>')
    print('<DirectoryRef Id="VERSIONFOLDER">')
    print("\n".join(folder_lines(root, root, version, components)))
    print("</DirectoryRef>")
    for group, of_panel in (("Files", False), ("Panel", True)):
        print("\n".join(group_lines(group, [component for component, path in components
                                            if (path in panel) == of_panel])))
    print("</Fragment></Wix>")


main(*sys.argv[1:])
