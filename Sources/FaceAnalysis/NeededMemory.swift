#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The address space that workers need to analyse photos.
///
/// It is checked before the first one begins. If memory runs out later, OpenBLAS asks for it again
/// and again and libdispatch waits for a thread, both for ever, and Swift ends the program.
struct NeededMemory {
    /// In bytes: the models, the engines' code for this processor, and the stacks of some threads.
    private static let ofAll = 280_000_000
    /// In bytes, of one worker: 134 MB of OpenBLAS's, and room for a photo.
    private static let ofWorker = 190_000_000

    let byteCount: Int

    init(workerCount: Int) {
        byteCount = Self.ofAll + workerCount * Self.ofWorker
    }

    /// Whether the system would give this much: it may have a limit, or promise no more than it
    /// has.
    var isThere: Bool {
        let pages = mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            -1, 0)
        guard let pages, pages != MAP_FAILED else { return false }
        munmap(pages, byteCount)
        return true
    }
}

extension ModelFiles {
    /// Refuses to begin what cannot be finished.
    ///
    /// - Throws: ``ModelError`` `.failed` when there is too little memory for this many workers.
    public func checkMemory(workerCount: Int) throws(ModelError) {
        let needed = NeededMemory(workerCount: workerCount)
        guard !needed.isThere else { return }
        throw ModelError(
            code: .failed, path: folder,
            reason: "there is too little memory: "
                + "\(needed.byteCount / 1_000_000) MB more are needed")
    }
}
