import Foundation
import SystemPackage
import TestSupport
import Testing

/// A headless Chromium, controlled by WebDriver (https://www.w3.org/TR/webdriver2/).
final class Browser {
    private let folder: TemporaryFolder
    private let driver: StartedProgram
    private let port: Int
    private let session: String

    /// Keys as WebDriver writes them.
    enum Key {
        static let enter = "\u{E007}"
        static let escape = "\u{E00C}"
        static let down = "\u{E015}"
        static let right = "\u{E014}"
        static let shift = "\u{E008}"
        static let space = " "
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        folder = try TemporaryFolder()
        var program = Program(in: folder.path)
        program.command = ["/usr/bin/env", "chromedriver"]
        driver = try program.start(["--port=0"])
        var told: Int?
        let driver = driver
        _ = driver.reached {
            told = driver.output.firstMatch(of: #/successfully on port (\d+)/#)
                .flatMap { Int($0.1) }
            return told != nil
        }
        port = try #require(told, "chromedriver does not start: run 'Scripts/setup --tests'")
        let options: [String: Any] = [
            "args": [
                // The sandbox needs rights that root in a container does not have.
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--hide-scrollbars", "--lang=en",
            ]
        ]
        let wanted: [String: Any] = [
            "capabilities": [
                "alwaysMatch": [
                    "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"],
                ]
            ]
        ]
        let made = try Self.call(port, "POST", "/session", wanted) as? [String: Any]
        session = try #require(made?["sessionId"] as? String)
    }

    deinit {
        // The browser goes with its session, the driver with the program.
        _ = try? Self.call(port, "DELETE", "/session/\(session)", nil)
    }

    // MARK: Pages

    func open(_ address: String) throws { try ask("POST", "/url", ["url": address]) }

    /// What a script on the page returns.
    @discardableResult
    func script(_ text: String, _ arguments: Any...) throws -> Any? {
        try ask("POST", "/execute/sync", ["script": text, "args": arguments])
    }

    func text(_ selector: String) throws -> String {
        try script(
            "return document.querySelector(arguments[0])?.textContent.trim() ?? ''", selector)
            as? String ?? ""
    }

    func attribute(_ name: String, of selector: String) throws -> String? {
        try script(
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null",
            selector, name) as? String
    }

    func count(_ selector: String) throws -> Int {
        try script("return document.querySelectorAll(arguments[0]).length", selector) as? Int ?? 0
    }

    var path: String {
        get throws { try script("return location.pathname") as? String ?? "" }
    }

    /// Waits until `condition`, a JavaScript expression, holds.
    func wait(
        for condition: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            // A page that is just being left has no document to ask.
            if (try? script("return Boolean(\(condition))")) as? Bool == true { return }
            usleep(30_000)
        }
        let seen = (try? text("main")) ?? ""
        Issue.record(
            "never came to hold: \(condition); the page says: \(seen.prefix(600))",
            sourceLocation: sourceLocation)
        throw Failure(description: condition)
    }

    // MARK: Hands

    /// Presses keys, one after the other, where the focus is.
    func type(_ keys: String) throws {
        let actions = keys.flatMap { key in
            ["keyDown", "keyUp"].map { ["type": $0, "value": String(key)] }
        }
        try perform(["type": "key", "id": "keys", "actions": actions])
    }

    /// Presses the first element that `selector` names, in its middle.
    func press(_ selector: String) throws {
        let element = try #require(
            try script("return document.querySelector(arguments[0])", selector) as? [String: Any],
            "there is no '\(selector)'")
        let id = try #require(element.values.first as? String)
        try ask("POST", "/element/\(id)/click", [:])
    }

    /// Drags from one point of an element to another, both as fractions of its sides.
    func pull(
        on selector: String, from start: (Double, Double), to end: (Double, Double)
    ) throws {
        let sides = try #require(
            try script(
                """
                const e = document.querySelector(arguments[0]);
                e.scrollIntoView({ block: 'center' });
                const r = e.getBoundingClientRect();
                return [r.left, r.top, r.width, r.height];
                """, selector) as? [Any])
        let numbers = sides.compactMap { ($0 as? NSNumber)?.doubleValue }
        func move(_ point: (Double, Double)) -> [String: Any] {
            [
                "type": "pointerMove", "duration": 50, "origin": "viewport",
                "x": Int(numbers[0] + point.0 * numbers[2]),
                "y": Int(numbers[1] + point.1 * numbers[3]),
            ]
        }
        try perform([
            "type": "pointer", "id": "mouse", "parameters": ["pointerType": "mouse"],
            "actions": [
                move(start), ["type": "pointerDown", "button": 0], move(end),
                ["type": "pointerUp", "button": 0],
            ],
        ])
    }

    private func perform(_ source: [String: Any]) throws {
        try ask("POST", "/actions", ["actions": [source]])
    }

    // MARK: Looks

    enum Scheme: String, CaseIterable { case light, dark }

    /// Sets the width of the window, and whether its user prefers light or dark pages.
    func become(width: Int, height: Int = 900, _ scheme: Scheme) throws {
        try command(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640])
        try command("Emulation.setTouchEmulationEnabled", ["enabled": width < 640])
        let features = [
            ["name": "prefers-color-scheme", "value": scheme.rawValue],
            // So that no picture is taken while a colour is on its way to another.
            ["name": "prefers-reduced-motion", "value": "reduce"],
        ]
        try command("Emulation.setEmulatedMedia", ["features": features])
    }

    /// The whole page as a PNG file, every picture loaded.
    func picture(width: Int, _ scheme: Scheme) throws -> Data {
        try become(width: width, scheme)
        try script("document.querySelectorAll('img').forEach(i => { i.loading = 'eager'; })")
        try wait(for: "[...document.images].every(i => i.complete)")
        let height = try script("return document.documentElement.scrollHeight") as? Int ?? 900
        // As high as the page, so that elements at the foot of the window are at the foot of the
        // page.
        try become(width: width, height: min(4000, max(700, height)), scheme)
        let shot = try ask("GET", "/screenshot", nil) as? String
        return try #require(shot.flatMap { Data(base64Encoded: $0) })
    }

    /// What the browser complained about since it was last asked.
    func complaints() throws -> [String] {
        let entries = try ask("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.compactMap { $0["message"] as? String }
    }

    @discardableResult
    private func command(_ name: String, _ parameters: [String: Any]) throws -> Any? {
        try ask("POST", "/goog/cdp/execute", ["cmd": name, "params": parameters])
    }

    // MARK: The wire

    @discardableResult
    private func ask(_ method: String, _ path: String, _ body: [String: Any]?) throws -> Any? {
        try Self.call(port, method, "/session/\(session)\(path)", body)
    }

    /// Not by URLSession, which stumbles over the driver's answers (swift-corelibs-foundation 6.3:
    /// "Failed writing header").
    private static func call(
        _ port: Int, _ method: String, _ path: String, _ body: [String: Any]?
    ) throws -> Any? {
        let bytes = try body.map { try JSONSerialization.data(withJSONObject: $0) } ?? Data()
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n\r\n"
        // The driver keeps connections open, even when asked not to.
        let answer = exchange(
            Array(head.utf8) + bytes, withPort: port, endsSending: false, patienceInSeconds: 120,
            isEnough: { content(of: Data($0), isWhole: true) != nil })
        guard let content = Self.content(of: Data(answer ?? []), isWhole: false) else {
            throw Failure(description: "no answer to \(method) \(path)")
        }
        let document = try JSONSerialization.jsonObject(with: content) as? [String: Any]
        let value = document?["value"]
        if let refusal = value as? [String: Any], let error = refusal["error"] as? String {
            let message = refusal["message"] as? String ?? ""
            throw Failure(description: "\(error): \(message.prefix(300))")
        }
        return value is NSNull ? nil : value
    }

    /// What follows the head of an answer; `nil` when that has not come, or not all that it tells
    /// of.
    private static func content(of answer: Data, isWhole: Bool) -> Data? {
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let body = answer[end.upperBound...]
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.firstMatch(of: #/content-length: *(\d+)/#).flatMap { Int($0.1) }
        return isWhole && body.count < length ?? .max ? nil : Data(body)
    }
}
