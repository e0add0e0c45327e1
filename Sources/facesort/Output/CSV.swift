/// Comma-separated values by RFC 4180: fields quoted where they must be, lines ended by CR LF.
enum CSV {
    static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    /// A line for a spreadsheet, which would run a field that begins like a formula: a `'` before
    /// the field marks it as text.
    static func spreadsheetLine(_ fields: [String]) -> String {
        line(
            fields.map { field in
                // By scalars: to Swift, CR LF is one character.
                let isFormula = field.unicodeScalars.first.map {
                    "=+-@\t\r".unicodeScalars.contains($0)
                }
                return isFormula == true ? "'" + field : field
            })
    }

    private static func field(_ text: String) -> String {
        // By scalars: to Swift, CR LF is one character and neither CR nor LF.
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
