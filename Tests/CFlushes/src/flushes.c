#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CFlushes.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static _Atomic(cflushes_observer) observer;

void cflushes_observe(cflushes_observer function) { atomic_store(&observer, function); }

#ifdef __linux__
#include <sys/syscall.h>

static int flushed(int fd, long result) {
    const cflushes_observer function = atomic_load(&observer);
    if (result == 0 && function != NULL) {
        const int before = errno;
        function(fd);
        errno = before;
    }
    return (int)result;
}

int fsync(int fd) { return flushed(fd, syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { return flushed(fd, syscall(SYS_fdatasync, fd)); }
#endif
