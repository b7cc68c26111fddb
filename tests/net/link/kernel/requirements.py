"""What a test over a kernel link needs: Linux, root, and its tools."""

import pytest

from net.link.kernel.namespaces import KernelLinkUnavailable, check_kernel_link


def skip_without_kernel_link() -> None:
    """Skip the test if this system cannot make a kernel link."""
    try:
        check_kernel_link()
    except KernelLinkUnavailable as missing:
        pytest.skip(str(missing))
