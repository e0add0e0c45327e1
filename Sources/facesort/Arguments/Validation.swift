import ArgumentParser

/// Sentences about numbers that make no sense.
enum Validation {
    static func tolerance(_ value: Float?) throws {
        guard let value else { return }
        guard value.isFinite, value > 0 else {
            throw ValidationError(
                "A tolerance of \(value) cannot be used: it must be a number above 0, such as 0.5.")
        }
    }

    /// Checks that a command is not told both to do something and to only rehearse it.
    static func rehearsal(apply: Bool, dryRun: Bool) throws {
        guard apply && dryRun else { return }
        throw ValidationError("'--apply' and '--dry-run' cannot be used together.")
    }

    /// Checks a number that counts something, so must be at least 1.
    static func count(_ value: Int?, flag: String, example: Int) throws {
        guard let value, value < 1 else { return }
        throw ValidationError(
            "'\(flag) \(value)' cannot be used: it must be at least 1, such as \(example).")
    }
}
