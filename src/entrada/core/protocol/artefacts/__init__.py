"""Sealed artefacts: what each is called, how long it opens, and its payload as it is packed.  Design section 4.

GUIDs are packed as their 16 bytes, since a code travels in a URL.  How payloads may grow: `core/sealing/payload.py`.
"""
