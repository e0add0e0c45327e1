// Thin names for the C library's functions, because inside `Disk` and its like a method of the same
// name hides them.

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: UInt16 = 0) -> Int32 {
    open(path, flags | O_CLOEXEC, mode_t(mode))
}
func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
func systemTruncate(_ descriptor: Int32, _ length: Int64) -> Int32 {
    ftruncate(descriptor, off_t(length))
}
func systemSeekToStart(_ descriptor: Int32) -> Int { Int(lseek(descriptor, 0, SEEK_SET)) }
func systemSeekToEnd(_ descriptor: Int32, _ distance: Int64) -> Int {
    Int(lseek(descriptor, off_t(-distance), SEEK_END))
}
func systemRename(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
    rename(from, to)
}
func systemUnlink(_ path: UnsafePointer<CChar>) -> Int32 { unlink(path) }
func systemLink(
    _ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>, followingLinks: Bool
) -> Int32 {
    linkat(AT_FDCWD, from, AT_FDCWD, to, followingLinks ? AT_SYMLINK_FOLLOW : 0)
}
func systemSymbolicLink(_ target: UnsafePointer<CChar>, _ path: UnsafePointer<CChar>) -> Int32 {
    symlink(target, path)
}
func systemMakeFolder(_ path: UnsafePointer<CChar>) -> Int32 { mkdir(path, 0o777) }
func systemRemoveFolder(_ path: UnsafePointer<CChar>) -> Int32 { rmdir(path) }
func systemSetMode(_ descriptor: Int32, _ mode: UInt16) -> Int32 {
    fchmod(descriptor, mode_t(mode))
}
func systemLock(_ descriptor: Int32) -> Int32 { flock(descriptor, LOCK_EX | LOCK_NB) }
func systemUnlock(_ descriptor: Int32) -> Int32 { flock(descriptor, LOCK_UN) }
func systemProcessID() -> Int32 { getpid() }
func systemLinkTarget(
    _ path: UnsafePointer<CChar>, _ buffer: UnsafeMutableBufferPointer<CChar>
) -> Int { readlink(path, buffer.baseAddress!, buffer.count) }  // Never empty: PATH_MAX.
