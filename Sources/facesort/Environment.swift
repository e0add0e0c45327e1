internal import PhotoIndex

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension RunEnvironment {
    /// That of this process.
    static var current: RunEnvironment { RunEnvironment(ProcessInfo.processInfo.environment) }
}
