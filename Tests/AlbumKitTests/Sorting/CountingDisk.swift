@testable import FileLedger
import Foundation
import SystemPackage

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A disk that counts its operations and fails at one of them.
final class CountingDisk: Sendable {
    enum Failure: CaseIterable {
        /// That operation finds the disk full or, every other time, faulty; the others work.
        case once
        /// From then on nothing works, like after a kill.
        case forGood
    }

    private let lock = NSLock()
    // Only touched with the lock held.
    nonisolated(unsafe) private var counted = 0
    nonisolated(unsafe) private var failing = 1
    nonisolated(unsafe) private var isOver = false
    nonisolated(unsafe) private var ends: @Sendable (DiskOperation, FilePath) -> Bool = { _, _ in
        false
    }
    private let failure: Failure
    private let counts: @Sendable (DiskOperation, FilePath) -> Bool

    /// - Parameters:
    ///   - step: the counted operation that fails, from 1; 0 for none.
    ///   - counts: which operations are counted.
    init(
        _ failure: Failure, at step: Int = 1,
        counting counts: @escaping @Sendable (DiskOperation, FilePath) -> Bool = { _, _ in true }
    ) {
        self.failure = failure
        self.counts = counts
        failing = step
    }

    var operations: Int { lock.withLock { counted } }

    var failingStep: Int {
        get { lock.withLock { failing } }
        set { lock.withLock { failing = newValue } }
    }

    /// Counts nothing more from the first operation on that `ends` is true of.
    func stopCounting(_ ends: @escaping @Sendable (DiskOperation, FilePath) -> Bool) {
        lock.withLock { self.ends = ends }
    }

    var disk: Disk {
        Disk { [self] operation, path throws(FileError) in try see(operation, path) }
    }

    func see(_ operation: DiskOperation, _ path: FilePath) throws(FileError) {
        let isCounted = counts(operation, path)
        let (number, step) = lock.withLock {
            isOver = isOver || ends(operation, path)
            if isCounted && !isOver { counted += 1 }
            return (counted, failing)
        }
        guard step > 0 else { return }
        let fails = failure == .forGood ? number >= step : isCounted && number == step
        guard fails else { return }
        throw FileError(
            operation: operation, path: path,
            errno: failure == .once && step % 2 == 1 ? ENOSPC : EIO)
    }
}

/// A value protected by a lock.
final class Locked<Value>: Sendable {
    private let lock = NSLock()
    // Only touched with the lock held.
    nonisolated(unsafe) private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try lock.withLock { try body(&value) }
    }
}
