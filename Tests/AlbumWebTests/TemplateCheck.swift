@testable import AlbumWeb

/// Compares templates with the views that fill them.
struct TemplateCheck {
    /// What a view's field holds.
    indirect enum Shape {
        /// Text, a number or a flag.
        case value
        case list(of: Shape)
        case fields(of: String, [String: Shape])
        case optional(Shape)

        /// - Parameter sample: with every optional filled and an element in every list.
        init(of sample: Any) {
            let mirror = Mirror(reflecting: sample)
            switch mirror.displayStyle {
            case .optional: self = .optional(mirror.children.first.map { Shape(of: $0.value) }!)
            case .collection: self = .list(of: mirror.children.first.map { Shape(of: $0.value) }!)
            case .struct where sample is any TemplateFields:
                let fields = mirror.children.map { ($0.label ?? "", Shape(of: $0.value)) }
                self = .fields(
                    of: String(reflecting: type(of: sample)),
                    Dictionary(uniqueKeysWithValues: fields))
            default: self = .value
            }
        }

        /// Without being optional.
        var filled: Shape { if case .optional(let shape) = self { shape.filled } else { self } }

        var names: Set<String> {
            switch self {
            case .value: []
            case .list(let shape), .optional(let shape): shape.names
            case .fields(let type, let fields):
                fields.reduce(into: []) { names, field in
                    names.insert("\(type).\(field.key)")
                    names.formUnion(field.value.names)
                }
            }
        }
    }

    /// The templates' texts by name.
    let templates: [String: String]
    /// What is wrong, each a sentence.
    private(set) var problems: [String] = []
    private var declared: Set<String> = []
    private var read: Set<String> = []
    private var seen: Set<String> = []

    init(_ templates: [String: String]) {
        self.templates = templates
    }

    /// The tags without a field, the fields that no tag reads, and the templates that no view fills.
    static func problems(
        in templates: [String: String], of views: [any TemplateView.Type]
    ) throws -> [String] {
        var check = TemplateCheck(templates)
        for view in views { try check.check(view) }
        let unread = check.declared.subtracting(check.read).map { "no template reads \($0)" }
        let unfilled = Set(templates.keys).subtracting(check.seen).map { "no view fills '\($0)'" }
        return (check.problems + unread + unfilled).sorted()
    }

    private mutating func check(_ view: any TemplateView.Type) throws {
        let shape = Shape(of: try view.init(from: Sampler()))
        declared.formUnion(shape.names)
        walk(view.template, [shape], inside: [])
    }

    // MARK: Tags

    /// - Parameters:
    ///   - stack: what surrounds the template, the innermost last.
    ///   - inside: the names of the sections around it.
    private mutating func walk(_ template: String, _ stack: [Shape], inside: Set<String>) {
        guard let text = templates[template] else {
            problems.append("there is no template '\(template)'")
            return
        }
        seen.insert(template)
        var tags = text.matches(of: #/\{\{\{?([#^\/>]?)\s*([^}]+?)\s*\}?\}\}/#)
            .map { (kind: $0.1.first, name: String($0.2)) }[...]
        walk(&tags, in: template, stack, inside)
    }

    private mutating func walk(
        _ tags: inout ArraySlice<(kind: Character?, name: String)>, in template: String,
        _ stack: [Shape], _ inside: Set<String>
    ) {
        while let tag = tags.popFirst() {
            switch tag.kind {
            case "/": return
            case ">": walk(tag.name, stack, inside: inside)
            case "#":
                let pushed = section(tag.name, in: template, stack)
                walk(&tags, in: template, stack + pushed, inside.union([tag.name]))
            case "^":
                _ = section(tag.name, in: template, stack)
                walk(&tags, in: template, stack, inside)
            default: print(tag.name, in: template, stack, inside)
            }
        }
    }

    /// What a section adds to what surrounds its tags.
    private mutating func section(
        _ name: String, in template: String, _ stack: [Shape]
    ) -> [Shape] {
        // Where an element is in its list, which is a flag.
        if name == "first()" { return [] }
        if let list = name.wholeMatch(of: #/empty\((\w+)\)/#)?.1 {
            if case .list? = field(String(list), in: template, stack) { return [] }
            problems.append("'\(template)' asks whether '\(list)' is empty, which is no list")
            return []
        }
        guard let field = field(name, in: template, stack) else { return [] }
        if case .list(let element) = field.filled { return [element] }
        return [field.filled]
    }

    private mutating func print(
        _ name: String, in template: String, _ stack: [Shape], _ inside: Set<String>
    ) {
        switch name == "." ? stack.last : field(name, in: template, stack) {
        case .value?, nil: break
        case .optional(.value)? where inside.contains(name): break
        case .optional(.value)?:
            problems.append("'\(template)' prints '\(name)' even when it is absent")
        default: problems.append("'\(template)' prints '\(name)', which is no text")
        }
    }

    /// - Parameter path: a name, or names with dots between them.
    private mutating func field(
        _ path: String, in template: String, _ stack: [Shape]
    ) -> Shape? {
        var stack = stack
        var found: Shape?
        for name in path.split(separator: ".").map(String.init) {
            found = nil
            for case .fields(let type, let fields) in stack.reversed() {
                guard let field = fields[name] else { continue }
                read.insert("\(type).\(name)")
                found = field
                break
            }
            guard let found else {
                problems.append("no view around '\(template)' has '\(path)'")
                return nil
            }
            stack = [found]
        }
        return found
    }
}

/// Decodes a value of any type from nothing: text, 1, `true`, lists of one element; no field is
/// absent.
struct Sampler: Decoder {
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed())
    }
    func unkeyedContainer() -> any UnkeyedDecodingContainer { List() }
    func singleValueContainer() -> any SingleValueDecodingContainer { Single() }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) -> Bool { false }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try Value(from: Sampler())
        }
        func nestedContainer<Other: CodingKey>(
            keyedBy type: Other.Type, forKey key: Key
        ) -> KeyedDecodingContainer<Other> { KeyedDecodingContainer(Keyed<Other>()) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { List() }
        func superDecoder() -> any Decoder { Sampler() }
        func superDecoder(forKey key: Key) -> any Decoder { Sampler() }
    }

    private struct List: UnkeyedDecodingContainer {
        var codingPath: [any CodingKey] { [] }
        var count: Int? { 1 }
        var isAtEnd: Bool { currentIndex == 1 }
        var currentIndex = 0

        mutating func decodeNil() -> Bool { false }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            currentIndex += 1
            return try Value(from: Sampler())
        }
        mutating func nestedContainer<Other: CodingKey>(
            keyedBy type: Other.Type
        ) -> KeyedDecodingContainer<Other> { KeyedDecodingContainer(Keyed<Other>()) }
        mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { List() }
        mutating func superDecoder() -> any Decoder { Sampler() }
    }

    private struct Single: SingleValueDecodingContainer {
        var codingPath: [any CodingKey] { [] }

        func decodeNil() -> Bool { false }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let samples: [Any] = ["text", 1, true]
            guard let value = samples.lazy.compactMap({ $0 as? Value }).first else {
                throw DecodingError.dataCorruptedError(
                    in: self, debugDescription: "a template cannot show \(type)")
            }
            return value
        }
    }
}
