/// A distance as people read it: two decimals, `0.43`.
enum DistanceText {
    static func rounded(_ distance: Float) -> String {
        let hundredths = Int((distance * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
