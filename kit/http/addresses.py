"""Which addresses are on the public internet.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, and the multicast registries. Written out because
Python's `is_global` differs between patch releases, and because it calls NAT64 and 6to4 addresses global although
both carry an IPv4 address that need not be.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carrier-grade NAT; 100.100.100.200 is a cloud's metadata service
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a cloud's host service, on a public number
            "169.254.0.0/16",  # link-local; 169.254.169.254 is most clouds' metadata service
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a cloud's metadata service
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays, deprecated
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: carries an IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether a literal IPv4 or IPv6 address is one that anybody on the internet may be sent to.

    IPv4-mapped, NAT64, unique local, link-local, site-local, loopback and multicast addresses lie outside of
    2000::/3. Raises ValueError for what is no address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return (
            ip.scope_id is None
            and ip in _GLOBAL_UNICAST_V6
            and not any(ip in network for network in _NOT_PUBLIC_V6)
        )
    return not any(ip in network for network in _NOT_PUBLIC_V4)
