#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CFileSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#define FOLDER_TO_LOOK_IN (O_PATH | O_DIRECTORY | O_CLOEXEC)
#else
#define FOLDER_TO_LOOK_IN (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif

static const char state_name[] = ".facesort";

/// The first component of `path` that is our state's name; NULL when there is none.
static const char *state_within(const char *path) {
    const size_t length = sizeof state_name - 1;
    for (const char *at = path; (at = strstr(at, state_name)) != NULL; at += length) {
        const int begins = at == path || at[-1] == '/';
        if (begins && (at[length] == '/' || at[length] == '\0'))
            return at;
    }
    return NULL;
}

/// Opens the folder `name` in `folder` that is no link.
static int enter(int folder, const char *name) {
    const int found = openat(folder, name, FOLDER_TO_LOOK_IN | O_NOFOLLOW);
    if (found >= 0 || (errno != ENOTDIR && errno != EMLINK))
        return found;
    // A link is "not a folder" here, too: distinguish it from a file.
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
        errno = ELOOP;
    else
        errno = ENOTDIR;
    return -1;
}

/// Opens the folder `path` (not empty; it is changed) below `folder`, component by component.
static int enter_each(int folder, char *path) {
    int found = -1;
    for (char *name = path; name != NULL;) {
        char *slash = strchr(name, '/');
        if (slash != NULL)
            *slash = '\0';
        const int next = enter(found >= 0 ? found : folder, name);
        const int cause = errno;
        if (found >= 0)
            close(found);
        found = next;
        errno = cause;
        if (found < 0)
            return -1;
        name = slash == NULL ? NULL : slash + 1;
    }
    return found;
}

static int enter_beneath(int folder, char *path) {
#if defined(__linux__) && defined(SYS_openat2)
    const struct open_how how = {
        .flags = FOLDER_TO_LOOK_IN,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    const int found = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    // An older kernel, or a sandbox that refuses unknown calls.
    if (found >= 0 || (errno != ENOSYS && errno != EPERM && errno != EINVAL && errno != E2BIG))
        return found;
#endif
    return enter_each(folder, path);
}

int32_t cfile_locate(const char *path, cfile_spot_t *spot) {
    spot->folder = AT_FDCWD;
    spot->area = CFILE_AREA_OUTSIDE;
    spot->name = path;
    const char *state = state_within(path);
    if (state == NULL)
        return 0;

    char text[PATH_MAX];
    const size_t above = (size_t)(state - path), rest = strlen(state);
    if (above + rest + 1 > sizeof text) {
        errno = ENAMETOOLONG;
        return -1;
    }
    static const char aside[] = "/removed/";
    const char *below = state + sizeof state_name - 1;
    spot->area = strncmp(below, aside, sizeof aside - 1) == 0 ? CFILE_AREA_ASIDE : CFILE_AREA_STATE;

    if (above > 0) {
        memcpy(text, path, above);
        text[above] = '\0';
        spot->folder = open(text, FOLDER_TO_LOOK_IN);
        if (spot->folder < 0)
            return -1;
    }
    const char *last = strrchr(state, '/');
    spot->name = last == NULL ? state : last + 1;
    if (last == NULL)
        return 0;
    const size_t length = (size_t)(last - state);
    memcpy(text, state, length);
    text[length] = '\0';
    const int folder = enter_beneath(spot->folder, text);
    const int cause = errno;
    cfile_leave(spot);
    errno = cause;
    spot->folder = folder;
    return folder < 0 ? -1 : 0;
}

void cfile_leave(cfile_spot_t *spot) {
    const int cause = errno;
    if (spot->folder >= 0)
        close(spot->folder);
    spot->folder = AT_FDCWD;
    errno = cause;
}

int32_t cfile_open(cfile_spot_t spot, int32_t flags, uint32_t mode) {
    const int reads = (flags & O_ACCMODE) == O_RDONLY && (flags & O_CREAT) == 0;
    const int follows = spot.area == CFILE_AREA_OUTSIDE || (spot.area == CFILE_AREA_ASIDE && reads);
    return openat(spot.folder, spot.name, flags | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW),
                  (mode_t)mode);
}
