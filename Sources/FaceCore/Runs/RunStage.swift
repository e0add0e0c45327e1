/// How far a command that changes something has got.
public enum RunStage: String, Hashable, Sendable, Codable, CaseIterable {
    case running, finished, interrupted, undone
}
