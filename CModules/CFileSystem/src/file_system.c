#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CFileSystem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#endif

// 1677 ... 2262 fit; for other times the nearest of them is used.
static int64_t nanoseconds(struct timespec time) {
    const int64_t longest = INT64_MAX / 1000000000;
    if (time.tv_sec >= longest)
        return INT64_MAX;
    if (time.tv_sec < -longest)
        return INT64_MIN;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void fill(const struct stat *found, cfile_status_t *status) {
    status->device = (uint64_t)found->st_dev;
    status->inode = (uint64_t)found->st_ino;
    status->link_count = (uint64_t)found->st_nlink;
    status->byte_count = (int64_t)found->st_size;
#ifdef __linux__
    status->modified = nanoseconds(found->st_mtim);
#else
    status->modified = nanoseconds(found->st_mtimespec);
#endif
    status->mode = (uint32_t)(found->st_mode & 07777);
    status->owner = (uint32_t)found->st_uid;
    status->kind = S_ISREG(found->st_mode)   ? CFILE_KIND_FILE
                   : S_ISDIR(found->st_mode) ? CFILE_KIND_FOLDER
                   : S_ISLNK(found->st_mode) ? CFILE_KIND_LINK
                                             : CFILE_KIND_OTHER;
}

int32_t cfile_status(cfile_spot_t spot, int32_t follow, cfile_status_t *status) {
    struct stat found;
    const int own = spot.area == CFILE_AREA_STATE || !follow;
    if (fstatat(spot.folder, spot.name, &found, own ? AT_SYMLINK_NOFOLLOW : 0) != 0)
        return -1;
    fill(&found, status);
    return 0;
}

int32_t cfile_status_open(int32_t fd, cfile_status_t *status) {
    struct stat found;
    if (fstat(fd, &found) != 0)
        return -1;
    fill(&found, status);
    return 0;
}

int32_t cfile_next_entry(void *folder, char *name, size_t capacity, int32_t *kind) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir((DIR *)folder);
        if (entry == NULL)
            return errno == 0 ? 0 : -1;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const size_t length = strlen(entry->d_name);
        if (length >= capacity) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, entry->d_name, length + 1);
        switch (entry->d_type) {
        case DT_REG:
            *kind = CFILE_KIND_FILE;
            break;
        case DT_DIR:
            *kind = CFILE_KIND_FOLDER;
            break;
        case DT_LNK:
            *kind = CFILE_KIND_LINK;
            break;
        case DT_UNKNOWN:
            *kind = CFILE_KIND_UNKNOWN;
            break;
        default:
            *kind = CFILE_KIND_OTHER;
        }
        return 1;
    }
}

int32_t cfile_clone(int32_t target, int32_t source) {
#ifdef __linux__
    return ioctl(target, FICLONE, source) == 0 ? 0 : -1;
#else
    (void)target, (void)source;
    errno = EOPNOTSUPP;
    return -1;
#endif
}

int64_t cfile_copy_range(int32_t target, int32_t source, size_t count) {
#ifdef __linux__
    return copy_file_range(source, NULL, target, NULL, count, 0);
#else
    (void)target, (void)source, (void)count;
    errno = ENOSYS;
    return -1;
#endif
}

int32_t cfile_rename_no_replace(cfile_spot_t from, cfile_spot_t to) {
#ifdef __linux__
    return syscall(SYS_renameat2, from.folder, from.name, to.folder, to.name, RENAME_NOREPLACE) == 0
               ? 0
               : -1;
#else
    return renameatx_np(from.folder, from.name, to.folder, to.name, RENAME_EXCL);
#endif
}

int32_t cfile_synchronise(int32_t fd) {
#ifdef __APPLE__
    if (fcntl(fd, F_FULLFSYNC) == 0)
        return 0;
#endif
    return fsync(fd);
}

int32_t cfile_set_modified(int32_t fd, int64_t modified) {
    struct timespec time = {.tv_sec = modified / 1000000000, .tv_nsec = modified % 1000000000};
    if (time.tv_nsec < 0) {
        time.tv_sec -= 1;
        time.tv_nsec += 1000000000;
    }
    const struct timespec both[2] = {time, time};
    return futimens(fd, both);
}

#ifdef __linux__
static const struct {
    uint32_t type;
    const char *name;
} kinds[] = {
    {0xEF53, "ext4"},      {0x58465342, "xfs"},      {0x9123683E, "btrfs"},
    {0x01021994, "tmpfs"}, {0x2011BAB0, "exfat"},    {0x4D44, "msdos"},
    {0x5346544E, "ntfs"},  {0x7366746E, "ntfs3"},    {0x6969, "nfs"},
    {0xFF534D42, "cifs"},  {0xFE534D42, "smb2"},     {0x517B, "smb"},
    {0x65735546, "fuse"},  {0x01021997, "9p"},       {0x794C7630, "overlay"},
    {0x2FC12FC1, "zfs"},   {0xCA451A4E, "bcachefs"}, {0xF2F52010, "f2fs"},
    {0x5346414F, "afs"},   {0x00C36400, "ceph"},     {0x482B, "hfsplus"},
    {0x9660, "isofs"},     {0x15013346, "udf"},      {0x73717368, "squashfs"},
};
#endif

int32_t cfile_system(const char *path, char *name, size_t capacity, uint64_t *longest_name,
                     uint64_t *free_bytes, int32_t *is_read_only) {
    struct statvfs sizes;
    struct statfs found;
    if (statvfs(path, &sizes) != 0 || statfs(path, &found) != 0)
        return -1;
    *longest_name = (uint64_t)sizes.f_namemax;
    *free_bytes =
        sizes.f_blocks == 0 ? UINT64_MAX : (uint64_t)sizes.f_bavail * (uint64_t)sizes.f_frsize;
    *is_read_only = (sizes.f_flag & ST_RDONLY) != 0;
#ifdef __linux__
    // f_type is signed on some machines, so CIFS and Btrfs would come out negative.
    const uint32_t type = (uint32_t)found.f_type;
    for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index += 1) {
        if (kinds[index].type == type) {
            snprintf(name, capacity, "%s", kinds[index].name);
            return 0;
        }
    }
    snprintf(name, capacity, "0x%x", type);
#else
    snprintf(name, capacity, "%s", found.f_fstypename);
#endif
    return 0;
}
