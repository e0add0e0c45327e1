import ArgumentParser
import SystemPackage

/// A path on the command line, in any bytes that the file system allows.
struct PathArgument: ExpressibleByArgument {
    let path: FilePath

    init?(argument: String) {
        let bytes = RawArguments.bytes(of: argument)
        guard !bytes.isEmpty else { return nil }
        path = (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CInterop.PlatformChar.self) {
                FilePath(platformString: Array($0))
            }
        }
    }

    /// For the shell to complete.
    static var defaultCompletionKind: CompletionKind { .file() }
}
