"""Link of real IP packets between two network namespaces. Needs Linux and root.

``kernel_link.py`` is the entry. ``forwarder.py`` runs as a process of its own. Other systems may
import ``namespaces`` to learn why there is no kernel link.
"""
