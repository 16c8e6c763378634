"""What each key of the inventory format means, where its model does not say so beside it: for editors and for
docs/inventory.md."""

from __future__ import annotations

_ANYWHERE = {
    "description": "A text for people.",
    "tags": "Labels for people and for tools of your own.",
    "site": "The site in which it stands. Needed where the inventory has `sites`, with the exceptions below.",
    "server": "The server on which it stands or that has the role. A role's default is the entry's own name.",
    "enabled": "A disabled one is kept and takes no part.",
    "repository": "The repository or scale-out repository that the job writes to or looks after.",
    "workloads": "What the job processes: workloads, whole groups, or single members of a group.",
    "source_repository": "The repository that the job reads from.",
    "source_jobs": "The jobs whose backups the job reads; instead of `source_repository`.",
    "proxies": "The proxies that the job may use; `auto` lets VBR choose.",
    "target_proxies": "The proxies at the target that the job may use; `auto` lets VBR choose.",
    "target_site": "The site that the data goes to. Default: the workload's own.",
    "target_host": "The Hyper-V hosts, or the cluster, that the data goes to. Default: the workload's own.",
    "priority": "The priority of the job.",
    "schedule": "When the job starts.",
    "synthetic": "Whether the job builds synthetic full backups, merges or transforms on its repository.",
    "backup_method": "How the job makes its chain; for checks only.",
    "encryption": "Whether the job encrypts its backups; for checks only.",
    "transport_encryption": "Whether data is encrypted on its way through the network; for checks only.",
    "block_size": "The size of the blocks that the job stores; for checks only.",
    "gfs": "Whether the job keeps full backups for archiving (GFS); for checks only.",
    "restore_points_between_fulls": "How many restore points lie between two full backups; for checks only.",
    "retries": "How often a failed machine is tried again; for checks only.",
    "type": "What it is.",
}
_OF_MODEL = {
    "Document": {
        "product_version": "The version or build of Veeam Backup & Replication whose rules apply.",
        "backup_server": "The server that VBR itself runs on, one of `servers`.",
        "default_mount_servers": "The mount servers of repositories that name none.",
        "sites": "Places; what stands in one reaches everything else in it at no cost.",
        "links": "Connections between two sites.",
        "fabrics": "Fibre Channel zones: the servers and appliances that see each other.",
        "failure_domains": "Servers and repositories that fail together.",
        "clusters": "Hyper-V hosts that run the same machines; the machines of a group are spread over them in turn.",
        "servers": "Machines, whatever their roles.",
        "proxies": "Backup proxies.",
        "wan_accelerators": "WAN accelerators.",
        "tape_servers": "Tape servers.",
        "repositories": "Backup repositories.",
        "scale_out_repositories": "Scale-out backup repositories and their extents.",
        "workloads": "Machines, file shares and databases to protect.",
        "jobs": "What runs.",
    },
    "Link": {
        "between": "The two sites that it joins.",
        "kind": "A wide area network, or a local one between buildings: wan links are taken last.",
        "bandwidth": "How much data it carries.",
        "latency": "How long data takes over it; each millisecond counts towards its distance.",
    },
    "Server": {
        "os": "The operating system family; `hyperv` is a Hyper-V host.",
        "os_version": "The operating system's version; for checks only.",
        "cores": "Its CPU cores, from which gateway slots are computed.",
        "memory": "Its RAM, from which gateway slots are computed.",
        "status": "Whether it can serve now.",
    },
    "Proxy": {
        "max_concurrent_tasks": "How many tasks it runs at once.",
        "transport_mode": "How it reads a machine's disks.",
    },
    "MountServerPair": {"windows": "The Windows mount server.", "linux": "The Linux mount server."},
    "Nfs": {
        "squash": "Which users the export maps to nobody.",
        "version": "The NFS version, such as `4.1`.",
        "security": "How the export authenticates.",
    },
    "Repository": {
        "status": "Whether it can be used now; `sealed` can be read and not written.",
        "gateway_servers": "The gateway servers that it may use; `auto` lets VBR choose.",
        "mount_server": "The server that mounts its backups, or a Windows and a Linux one.",
        "nfs": "How the NFS share is exported.",
        "protocol": "How a deduplicating appliance is reached: over the network or Fibre Channel.",
        "provider": "Whose object storage it is.",
        "connection": "Whether object storage is reached directly or through gateway servers.",
        "free": "The space that is free; for checks only.",
    },
    "CapacityTier": {
        "extents": "The object storage repositories of the tier.",
        "copy": "Backups are copied to it as soon as they are there.",
        "move": "Backups are moved to it when they are old.",
    },
    "ScaleOutRepository": {
        "performance_tier": "Its extents: a list of repositories, or a mapping with what each holds.",
        "capacity_tier": "The object storage that it offloads to.",
        "placement_policy": "How an extent is chosen for new backup files.",
        "full_when_extent_offline": "A full backup is made elsewhere when the extent of a chain is offline.",
    },
    "Workload": {
        "platform": "What it is protected as.",
        "disks": "How many disks it has.",
        "count": "How many equal machines the entry stands for: `web` with 40 is `web-01` to `web-40`.",
        "size": "How much data it holds.",
    },
    "Schedule": {"start": "The time of day, in quotes."},
    "WanAcceleratorPair": {
        "source": "The WAN accelerator at the source.",
        "target": "The WAN accelerator at the target.",
    },
    "Backup": {
        "mode": "Whether a Hyper-V machine is read on its host or by off-host proxies.",
        "off_host_failover": "Whether the host reads the machine where no off-host proxy can.",
    },
    "BackupCopy": {"wan_accelerators": "The pair of WAN accelerators that carries the copy."},
    "Tape": {"tape_server": "The tape server that writes the tapes."},
    "PluginBackup": {"plugin": "The plug-in that sends the backups."},
    "Other": {"vendor_type": "What VBR calls the job."},
}
_MODELS = {
    "Backup": "A backup job of VMware or Hyper-V machines.",
    "FileBackup": "A backup job of file shares.",
    "BackupCopy": "A backup copy job.",
    "FileBackupCopy": "A file backup copy job. It cannot use WAN accelerators.",
    "Tape": "A backup to tape job.",
    "AgentBackup": "A job of Veeam Agents.",
    "PluginBackup": "A job of a plug-in for databases.",
    "Restore": "A restore of VMware or Hyper-V machines.",
    "ReplicationFromBackup": "A replication job that reads from backups.",
    "Offload": "An offload of a performance extent to object storage; instead of the one that the plan adds by itself.",
    "MoveBackup": "A move of backups to another repository.",
    "CopyBackup": "A copy of backups to another repository, made once.",
    "Rescan": "A rescan of a repository; instead of the one that the plan adds by itself.",
    "HealthCheck": "A health check of a repository; instead of the one that the plan adds by itself.",
}


def meaning(model: str, key: str) -> str | None:
    """What a key of a model means; None where this file does not know it."""
    return _OF_MODEL.get(model, {}).get(key) or _ANYWHERE.get(key)


def meaning_of(model: str) -> str | None:
    """What a model stands for, where its own text does not say so."""
    return _MODELS.get(model)
