"""The vendor's words for one thing, in every revision and tool, and the inventory's word for it."""

from __future__ import annotations

from collections.abc import Mapping

from gwplan.inventory.form import KINDS
from gwplan.inventory.names import MAX_LENGTH, name_error

SERVER_OS = {
    "WindowsHost": "windows", "Windows": "windows", "LinuxHost": "linux", "Linux": "linux", "HvServer": "hyperv",
}  # fmt: skip
"""Managed servers that can hold a role or be a gateway: REST `EManagedServerType`, PowerShell `VBRHostType`."""

PROXY_TYPES = {
    "ViProxy": "vmware", "Vi": "vmware", "VMware": "vmware",
    "HvProxy": "hyperv_off_host", "HvOffhost": "hyperv_off_host", "Hv": "hyperv_off_host",
    "GeneralPurposeProxy": "general_purpose",
}  # fmt: skip

TRANSPORT_MODES = {
    "Auto": "auto", "DirectAccess": "direct_storage", "DirectStorageAccess": "direct_storage", "San": "direct_storage",
    "VirtualAppliance": "virtual_appliance", "HotAdd": "virtual_appliance", "Network": "network", "Nbd": "network",
    "NbdSsl": "network",
}  # fmt: skip

REPOSITORY_TYPES = {
    "WinLocal": "windows", "LinuxLocal": "linux", "LinuxHardened": "hardened", "Hardened": "hardened",
    "Smb": "smb", "CifsShare": "smb", "Nfs": "nfs", "NfsShare": "nfs",
    "DellDataDomain": "data_domain", "DDBoost": "data_domain", "DataDomain": "data_domain",
    "HPEStoreOnce": "storeonce", "HPStoreOnceIntegration": "storeonce", "HPStoreOnce": "storeonce",
    "ExaGrid": "exagrid", "QuantumDXi": "quantum_dxi", "Quantum": "quantum_dxi",
    "Infinidat": "infinidat", "Fujitsu": "fujitsu", "Cloud": "cloud",
}  # fmt: skip

PROVIDERS = {
    "AmazonS3": "amazon_s3", "AmazonSnowballEdge": "amazon_s3", "AmazonS3Glacier": "amazon_s3",
    "S3Compatible": "s3_compatible", "AmazonS3Compatible": "s3_compatible", "S3Integrated": "s3_compatible",
    "SmartObjectS3": "s3_compatible", "S3GlacierCompatible": "s3_compatible", "ElevenElevenS3": "s3_compatible",
    "ElevenEleven": "s3_compatible",
    "AzureBlob": "azure_blob", "AzureDataBox": "azure_blob", "AzureArchive": "azure_blob", "AzureStorage": "azure_blob",
    "GoogleCloud": "google_cloud", "GoogleCloudStorage": "google_cloud", "IBMCloud": "ibm_cloud",
    "IBMCloudStorage": "ibm_cloud", "WasabiCloud": "wasabi", "WasabiS3": "wasabi", "Wasabi": "wasabi",
    "VeeamDataCloudVault": "data_cloud_vault", "VeeamDataCloudVaultArchive": "data_cloud_vault",
    "DataCloudVault": "data_cloud_vault", "VeeamVault": "data_cloud_vault",
}  # fmt: skip
"""Types that are object storage, and whose."""

NO_REPOSITORY = {
    "ExtendableRepository": "a scale-out repository: it is read from its own list",
    "SanSnapshotOnly": "storage snapshots only: nothing is written through a gateway",
    "Tape": "a tape pool: no repository",
    "Foreign": "belongs to another installation",
    "AbrVirtual": "made by the product for itself",
}
"""Types that the vendor lists among repositories, and why they are none for gwplan."""

PLUGINS = {
    "OracleRman": "oracle_rman", "Oracle": "oracle_rman", "SapHana": "sap_hana", "Hana": "sap_hana",
    "SapOracle": "sap_on_oracle", "SapOnOracle": "sap_on_oracle", "MsSql": "mssql", "MicrosoftSql": "mssql",
    "MSSQL": "mssql", "Db2": "db2", "IbmDb2": "db2",
}  # fmt: skip

EXTENT_STATES = {"Sealed": "sealed", "Maintenance": "maintenance", "Evacuate": "sealed"}

UNITS = {
    "mbitpersec": ("Mbps", 1), "mbitperspec": ("Mbps", 1), "mbytepersec": ("Mbps", 8), "kbytepersec": ("kbps", 8),
    "Mbps": ("Mbps", 1), "MBps": ("Mbps", 8), "KBps": ("kbps", 8),
}  # fmt: skip
"""Units of traffic rules, in any case; the second is a slip in the vendor's own document. Those of PowerShell are as it
writes them, for only the case tells bits from bytes."""

METHODS = {
    "Increment": "forward_incremental", "Incremental": "forward_incremental", "Full": "forward_incremental",
    "Syntetic": "reverse_incremental", "ReverseIncremental": "reverse_incremental",
    "Forever": "forever_forward", "TransformForeverIncremental": "forever_forward",
}  # fmt: skip
"""How a job writes its chain; the fourth is PowerShell's spelling."""


def mapped(table: Mapping[str, str], word: str) -> str | None:
    """A vendor's word looked up as the vendor writes it: in any case, with or without spaces and underscores."""
    folded = word.replace("_", "").replace(" ", "").lower()
    return next((value for key, value in table.items() if key.lower() == folded), None)


def clean_name(name: str) -> str:
    """The nearest text that may be a name: visible, no space at its ends, not too long, no kind before a colon."""
    kind, colon, rest = name.partition(":")
    if colon and kind in {*KINDS.values(), "rescan", "health_check", "offload"}:  # would be read as `kind:name`
        name = f"{kind} {rest.strip()}"
    if name_error(name) is None:
        return name
    return visible(name).strip()[:MAX_LENGTH].strip() or "unnamed"


def visible(text: str) -> str:
    """A text in one line, with `?` for characters that are invisible or move others: it comes from outside."""
    if text.isprintable():
        return text
    return "".join(" " if char.isspace() else char if name_error(f"a{char}a") is None else "?" for char in text)
