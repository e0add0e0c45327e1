import Foundation

/// JSON as a tree that need not make sense: members keep their order and may be there twice, numbers
/// are any digits.
indirect enum JSONTree: Hashable {
    case object([Member])
    case array([JSONTree])
    case text(String)
    case number(String)
    case bool(Bool)
    case null
    /// Bytes as they are, JSON or not.
    case raw(String)

    struct Member: Hashable {
        var name: String
        var value: JSONTree
    }

    /// - Returns: `nil` for what is no JSON.
    init?(_ line: some Collection<UInt8>) {
        guard
            let value = try? JSONSerialization.jsonObject(
                with: Data(line), options: .fragmentsAllowed)
        else { return nil }
        self.init(value)
    }

    private init(_ value: Any) {
        switch value {
        case let members as [String: Any]:
            self = .object(
                members.sorted { $0.key < $1.key }.map {
                    Member(name: $0.key, value: JSONTree($0.value))
                })
        case let values as [Any]: self = .array(values.map { JSONTree($0) })
        case let text as String: self = .text(text)
        case let number as NSNumber:
            let isBool = String(cString: number.objCType) == "c"
            self = isBool ? .bool(number.boolValue) : .number("\(number)")
        default: self = .null
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .object(let members):
            let parts = members.map { JSONTree.text($0.name).bytes + [0x3A] + $0.value.bytes }
            return [0x7B] + Array(parts.joined(separator: [0x2C])) + [0x7D]
        case .array(let values):
            return [0x5B] + Array(values.map(\.bytes).joined(separator: [0x2C])) + [0x5D]
        case .text(let text):
            // A string can always be encoded.
            return Array((try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8))
        case .number(let digits): return Array(digits.utf8)
        case .bool(let value): return Array((value ? "true" : "false").utf8)
        case .null: return Array("null".utf8)
        case .raw(let text): return Array(text.utf8)
        }
    }

    /// How many values there are in it, itself among them.
    var count: Int {
        switch self {
        case .object(let members): members.reduce(1) { $0 + $1.value.count }
        case .array(let values): values.reduce(1) { $0 + $1.count }
        default: 1
        }
    }

    /// Changes the value at a place, counted from 0 in reading order, told under which name it is.
    mutating func change(
        _ place: Int, _ name: String = "", _ body: (String, inout JSONTree) -> Void
    ) {
        guard place > 0 else { return body(name, &self) }
        var place = place - 1
        switch self {
        case .object(var members):
            for index in members.indices {
                let count = members[index].value.count
                if place < count {
                    members[index].value.change(place, members[index].name, body)
                    self = .object(members)
                    return
                }
                place -= count
            }
        case .array(var values):
            for index in values.indices {
                if place < values[index].count {
                    values[index].change(place, name, body)
                    self = .array(values)
                    return
                }
                place -= values[index].count
            }
        default: break
        }
    }

    /// The value of a member, when it is an object that has one.
    subscript(name: String) -> JSONTree? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let index = members.firstIndex { $0.name == name }
            if let index { members.remove(at: index) }
            if let newValue { members.append(Member(name: name, value: newValue)) }
            self = .object(members)
        }
    }
}
