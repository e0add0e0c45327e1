/// What `undo` did.
public struct UndoSummary: Sendable, Codable {
    public struct LeftFile: Hashable, Sendable, Codable {
        public let path: String
        public let reason: String
    }

    /// A file that went, or would go, back to where it was.
    public struct Return: Hashable, Sendable, Codable {
        /// Relative to the workspace.
        public let path: String
        /// Relative to the workspace too, or absolute for one that lay outside.
        public let to: String
        /// Whether it lies outside, in no folder that a run of this machine took files from.
        public let isForeign: Bool
    }

    /// The numbers of the runs that were undone.
    public let runs: [Int]
    public let removedFileCount: Int
    public let restoredFileCount: Int
    public let movedFileCount: Int
    /// Where each of the moved files went.
    public let returns: [Return]
    /// What was left, and lines of the journals that cannot be read, each with the reason.
    public let left: [LeftFile]
}
