import Foundation

func three(_ value: Double) -> String { String(format: "%.3f", value) }

func printTable(_ title: String, _ header: [String], _ rows: [[String]]) {
    print("\n### \(title)\n")
    print("| " + header.joined(separator: " | ") + " |")
    print("|" + header.map { _ in "---|" }.joined())
    for row in rows { print("| " + row.joined(separator: " | ") + " |") }
}
