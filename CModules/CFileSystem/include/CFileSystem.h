#ifndef CFILESYSTEM_H
#define CFILESYSTEM_H

// Swift sees what these declare through this module, with no question which system it is on.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/// The system calls that Swift cannot reach, because they are macros, need _GNU_SOURCE, or differ
/// between Linux and macOS.
///
/// Every function is safe on any thread, keeps no pointer after it returns and reports failure by
/// returning -1 (or as stated) with the cause in errno.

#ifdef __cplusplus
extern "C" {
#endif

/// What is at a path.
enum {
    CFILE_KIND_FILE = 0,
    CFILE_KIND_FOLDER = 1,
    CFILE_KIND_LINK = 2,
    CFILE_KIND_OTHER = 3,
    CFILE_KIND_UNKNOWN = 4,
};

typedef struct {
    uint64_t device;
    uint64_t inode;
    uint64_t link_count;
    int64_t byte_count;
    /// Nanoseconds since 1970; INT64_MIN or INT64_MAX for a time that does not fit.
    int64_t modified;
    /// Permission bits with set-user, set-group and sticky: 0 ... 07777.
    uint32_t mode;
    uint32_t owner;
    int32_t kind;
} cfile_status_t;

/// Who owns a path.
enum {
    /// Not ours: links on the way are followed, as usual.
    CFILE_AREA_OUTSIDE = 0,
    /// In a folder called ".facesort", or that folder itself: our own state, perhaps a stranger's.
    /// No link is followed, on the way or at the end.
    CFILE_AREA_STATE = 1,
    /// Below ".facesort/removed": photos that were moved aside. No link on the way is followed; one
    /// at the end may be a photo that is a link.
    CFILE_AREA_ASIDE = 2,
};

/// A path in the form for system calls: `name` in `folder`.
typedef struct {
    /// AT_FDCWD for a path outside our state.
    int32_t folder;
    /// CFILE_AREA_...
    int32_t area;
    /// Points into the path, which must live as long.
    const char *name;
} cfile_spot_t;

/// Finds the folder in which to look up a path. For our own state it is opened from the workspace's
/// folder downwards without following a link, with openat2 where available, so that nobody can
/// exchange a folder for a link between a check and its use.
///
/// spot: the caller's, given back with cfile_leave.
/// Fails with ELOOP when a folder of our state is a link.
int32_t cfile_locate(const char *path, cfile_spot_t *spot);

/// Closes what cfile_locate opened; errno stays as it is.
void cfile_leave(cfile_spot_t *spot);

/// Opens a file or folder. A link is refused with ELOOP in CFILE_AREA_STATE, and in
/// CFILE_AREA_ASIDE unless `flags` are for reading.
int32_t cfile_open(cfile_spot_t spot, int32_t flags, uint32_t mode);

/// The status of the thing at a spot, or of a link's target when `follow` is not 0; in
/// CFILE_AREA_STATE a link is never followed.
int32_t cfile_status(cfile_spot_t spot, int32_t follow, cfile_status_t *status);

/// The status of an open file.
int32_t cfile_status_open(int32_t fd, cfile_status_t *status);

/// Reads the next entry of an open folder (a DIR *, from opendir).
///
/// name: the caller's, 256 bytes or more; gets the entry's name, ended by 0. "." and ".." are
///       skipped.
/// kind: CFILE_KIND_..., unknown if the file system does not say.
/// Returns 1 for an entry, 0 at the end, -1 on failure.
/// Thread: one folder, one thread at a time.
int32_t cfile_next_entry(void *folder, char *name, size_t capacity, int32_t *kind);

/// Makes the empty file `target` share the content of `source` (FICLONE; nothing on macOS, where
/// clones are made by name). Fails with EOPNOTSUPP, EXDEV or EINVAL if that is impossible.
int32_t cfile_clone(int32_t target, int32_t source);

/// Copies up to `count` bytes from the position of `source` to that of `target` inside the kernel.
/// Returns the number copied, 0 at the end of `source`, -1 on failure (ENOSYS on macOS).
int64_t cfile_copy_range(int32_t target, int32_t source, size_t count);

/// Renames `from` to `to`; fails with EEXIST when `to` exists. Fails with ENOSYS, EINVAL or ENOTSUP
/// if the kernel or the file system cannot do it.
int32_t cfile_rename_no_replace(cfile_spot_t from, cfile_spot_t to);

/// Flushes a file to the disk itself (fsync; F_FULLFSYNC on macOS).
int32_t cfile_synchronise(int32_t fd);

/// Sets access and modification time, in nanoseconds since 1970.
int32_t cfile_set_modified(int32_t fd, int64_t modified);

/// The kind of the file system that holds `path`.
///
/// name: the caller's, 32 bytes or more; gets a lower-case name ("ext4", "exfat", "nfs"), or the
///       number of the kind as "0x..." if it has no name here.
/// longest_name: the longest name, in bytes, that the file system claims to take.
/// free_bytes:   what an ordinary user may still write; UINT64_MAX if the file system does not give
///               its size (all blocks 0).
/// is_read_only: 1 when it is mounted read-only.
int32_t cfile_system(const char *path, char *name, size_t capacity, uint64_t *longest_name,
                     uint64_t *free_bytes, int32_t *is_read_only);

#ifdef __cplusplus
}
#endif

#endif
