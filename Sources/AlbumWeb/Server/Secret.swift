/// 128 random bits as 32 hexadecimal digits, compared in a time that does not reveal where they
/// differ.
struct Secret: Sendable {
    let text: String

    init(from generator: inout some RandomNumberGenerator) {
        let digits = Array("0123456789abcdef")
        text = String(
            (0..<32).map { _ in digits[Int.random(in: 0..<16, using: &generator)] })
    }

    func matches(_ other: some StringProtocol) -> Bool {
        let mine = Array(text.utf8)
        let theirs = Array(other.utf8)
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
