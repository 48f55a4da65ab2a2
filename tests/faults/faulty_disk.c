/* A disk that fails at the n-th call: preloaded, it counts what a process asks of files under one
 * folder, and lets the n-th call, or all from the n-th on, fail, or ends the process there.
 *
 * Knows the C library's calls that Python, SQLite, Rust and C++ make; knows nothing of Magpie. Calls
 * through mapped memory and those that the C library makes of itself (fwrite) are not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t length;
static int error_number, lasting, with_reads; /* error_number 0: end the process */
static atomic_int first, counted, armed;

/* Fail at the `at`-th call from now, the first being 1, and at all later ones if `last`; 0: never. */
void faulty_disk_arm(const char *under, int at, int number, int last, int reads) {
    snprintf(folder, sizeof folder, "%s", under);
    length = strlen(folder);
    error_number = number; lasting = last; with_reads = reads;
    first = at; counted = 0; armed = 1;
}
int faulty_disk_counted(void) { return counted; }

static int fails(void) {
    int now = ++counted;
    if (!first || now < first || (now > first && !lasting)) return 0;
    if (!error_number) kill(getpid(), SIGKILL);
    errno = error_number;
    return 1;
}
static int ours(const char *path) { return armed && path && !strncmp(path, folder, length); }
static int of(int descriptor) {
    char link[64], path[PATH_MAX];
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t read = readlink(link, path, sizeof path - 1);
    if (read < 0) return 0;
    path[read] = 0;
    return ours(path);
}
static int at(int directory, const char *path) {
    return path && (path[0] == '/' ? ours(path) : directory != AT_FDCWD && of(directory));
}
#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define MADE(type, name, parameters, arguments, concerns) \
    type name parameters { REAL(name); return (concerns) && fails() ? -1 : real arguments; }

MADE(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), of(fd))
MADE(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o), of(fd))
MADE(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), of(fd))
MADE(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n), of(fd))
MADE(ssize_t, read, (int fd, void *b, size_t n), (fd, b, n), with_reads && of(fd))
MADE(ssize_t, pread, (int fd, void *b, size_t n, off_t o), (fd, b, n, o), with_reads && of(fd))
MADE(ssize_t, pread64, (int fd, void *b, size_t n, off64_t o), (fd, b, n, o), with_reads && of(fd))
MADE(ssize_t, sendfile, (int out, int in, off_t *o, size_t n), (out, in, o, n), of(out))
MADE(ssize_t, sendfile64, (int out, int in, off64_t *o, size_t n), (out, in, o, n), of(out))
MADE(int, fsync, (int fd), (fd), of(fd))
MADE(int, fdatasync, (int fd), (fd), of(fd))
MADE(int, ftruncate, (int fd, off_t n), (fd, n), of(fd))
MADE(int, ftruncate64, (int fd, off64_t n), (fd, n), of(fd))
MADE(int, rename, (const char *from, const char *to), (from, to), ours(to))
MADE(int, mkdir, (const char *path, mode_t mode), (path, mode), ours(path))
MADE(int, unlink, (const char *path), (path), ours(path))
MADE(int, unlinkat, (int d, const char *path, int flags), (d, path, flags), at(d, path))
MADE(int, link, (const char *from, const char *to), (from, to), ours(to))

#define OPENED(name, first, pass, concerns) \
    int name(first const char *path, int flags, ...) { \
        REAL(name); va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); \
        return (writes || with_reads) && (concerns) && fails() ? -1 : real(pass path, flags, mode); }
#define NONE
#define DIRECTORY int d,
#define GIVEN d,
OPENED(open, NONE, NONE, ours(path))
OPENED(open64, NONE, NONE, ours(path))
OPENED(openat, DIRECTORY, GIVEN, at(d, path))
OPENED(openat64, DIRECTORY, GIVEN, at(d, path))
