#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

func exponential(_ x: Double) -> Double { exp(x) }

/// The binary logarithm of `x`, or of `least` when `x` is less.
func binaryLogarithm(_ x: Double, least: Double) -> Double { log2(max(least, x)) }

/// The cost of a probability for a non-event: -ln(1 - p), kept finite.
func surprise(_ probability: Double) -> Double { -log(max(1e-6, 1 - probability)) }

/// The probability of at least `wins` heads in `count` tosses of a fair coin.
func chanceOfLuck(wins: Int, of count: Int) -> Double {
    precondition(wins <= count, "more wins than tosses")
    guard wins > 0 else { return 1 }
    // By logarithms, so that no factor overflows.
    func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }
    let all = logFactorial(count) - Double(count) * log(2)
    let terms = (wins...count).map { k in
        exp(all - logFactorial(k) - logFactorial(count - k))
    }
    return min(1, terms.reduce(0, +))
}
