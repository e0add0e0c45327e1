import PhotoIndex
import TestSupport

@testable import AlbumWeb

extension HostileTests {
    static let classes = [
        Class("Paths that lead out of the pages") { scene, generator in
            let up = ["..", "%2e%2e", "%252e%252e", "..%c0%af", ".%2e", "....", "..;", "%00"]
            let ends = [
                "etc/passwd", "secret.txt", "album/.facesort/catalogue.sqlite",
                ".facesort/decisions.jsonl", "photos/secret.txt", "proc/self/environ",
            ]
            let starts = [
                "/", "//", "/\\", "/face/", "/photo-picture/", "/portrait/", "/facesort.css/",
                "/look/", "/file:///", "/photo/", "/face/\(scene.face).jpg/",
            ]
            let middle = (0..<Int.random(in: 0...6, using: &generator))
                .map { _ in pick(up, &generator) + pick(["/", "%2f", "\\", "%5c"], &generator) }
            let target =
                pick(starts, &generator) + middle.joined() + pick(ends, &generator)
                + pick(["", ".jpg", "?size=large", "%00.jpg", "#x"], &generator)
            return scene.browser.get(target).bytes
        },
        Class("Ids that are none") { scene, generator in
            let id = pick(
                [scene.face, scene.photo, scene.person, random(16, &generator)], &generator)
            let spoilt: String =
                switch Int.random(in: 0..<9, using: &generator) {
                case 0: String(id.dropLast())
                case 1: id + pick(["0", "a", ".", "%20"], &generator)
                case 2: "X" + id.dropFirst()
                case 3: "%3" + id
                case 4: "-" + id.dropFirst()
                case 5: id + "/" + id
                case 6: random(16, &generator)
                case 7: "%00" + id
                default: String(repeating: id, count: 40)
                }
            let target = pick(
                [
                    "/face/\(spoilt).jpg", "/photo-picture/\(spoilt).jpg", "/person/\(spoilt)",
                    "/portrait/\(spoilt).jpg", "/photo/\(spoilt)", "/draw/\(spoilt)",
                    "/group/\(spoilt)", "/group/0\(Int.random(in: 0..<99, using: &generator))",
                    "/group/-1", "/group/99999999999999999999", "/face/\(spoilt).png",
                    "/photo-picture/\(scene.photo).jpg?size=\(spoilt)",
                ], &generator)
            return scene.browser.get(target).bytes
        },
        Class("Hosts that are not ours") { scene, generator in
            var sent =
                Bool.random(using: &generator)
                ? scene.answer : scene.browser.get("/face/\(scene.face).jpg")
            let port = scene.browser.client.port
            sent.host = pick(
                [
                    "evil.example", "evil.example:\(port)", "127.0.0.1", "localhost",
                    "127.0.0.1:\(port + 1)", "localhost:80", "127.0.0.1.evil.example:\(port)",
                    "evil.example:\(port)#127.0.0.1:\(port)", "[::1]:\(port)", "0.0.0.0:\(port)",
                    "127.0.0.1:\(port)@evil.example", "127.1:\(port)", "2130706433:\(port)",
                    "LOCALHOST.:\(port)", random(12, &generator) + ":\(port)", "127.0.0.1:0\(port)",
                    "",
                ], &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: sent.host = nil
            case 1:
                // The second one is ours.
                sent.fields.append(("Host", scene.browser.host))
            default: break
            }
            return sent.bytes
        },
        Class("Forms of other pages") { scene, generator in
            var sent = scene.answer
            let port = scene.browser.client.port
            sent.set(
                "Origin",
                pick(
                    [
                        nil, "null", "http://evil.example", "https://127.0.0.1:\(port)",
                        "http://127.0.0.1", "http://127.0.0.1:\(port + 1)", "file://",
                        "http://127.0.0.1:\(port).evil.example", "http://localhost:\(port)",
                        "http://127.0.0.1:\(port)/", "HTTP://127.0.0.1:\(port)x",
                        "http://" + random(9, &generator),
                    ], &generator))
            let far = pick([nil, "cross-site", "same-site", "none", "same-origin,"], &generator)
            sent.set("Sec-Fetch-Site", far)
            if Int.random(in: 0..<5, using: &generator) == 0 {
                sent.set("Origin", "http://" + scene.browser.host)
                sent.fields.append(("Origin", "http://evil.example"))
            }
            return sent.bytes
        },
        Class("Cookies and tokens that are none") { scene, generator in
            var sent = pick(
                [
                    scene.answer, scene.browser.get("/"), scene.browser.get("/progress"),
                    scene.browser.get("/face/\(scene.face).jpg"),
                    scene.browser.get("/facesort.css"),
                    scene.browser.get("/person/\(scene.person)"),
                ], &generator)
            let name = scene.browser.cookie.prefix { $0 != "=" }
            let value = String(scene.browser.cookie.dropFirst(name.count + 1))
            sent.set(
                "Cookie",
                pick(
                    [
                        nil, "", "\(name)=", "\(name)=\(random(32, &generator))",
                        "\(name)=\(value.dropLast())", "\(name)=\(value)0", "x\(name)=\(value)",
                        "\(name)x=\(value)", "\(name)=\"\(value)\"", "facesort=\(value)",
                        "\(name)=\(value.uppercased())x", "\(name)==\(value)",
                        "\(name)=%\(value)", "a=b, \(name)=\(value)", value,
                    ], &generator))
            if sent.method == "GET", Bool.random(using: &generator) {
                sent.target =
                    "/?token="
                    + pick(["", random(32, &generator), random(31, &generator), value], &generator)
            }
            return sent.bytes
        },
        Class("Methods that nothing needs") { scene, generator in
            var sent = pick(
                [
                    scene.answer, scene.browser.get("/face/\(scene.face).jpg"),
                    scene.browser.get("/"),
                ], &generator)
            sent.method = pick(
                [
                    "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "post", "Post", "get",
                    "PROPFIND", "MOVE", "POST1", "GE", "G\u{0}ET", "LOCK", "SEARCH", "PURGE",
                ], &generator)
            if sent.method == "OPTIONS" { sent.set("Access-Control-Request-Method", "POST") }
            return sent.bytes
        },
        Class("Forms sent where none is taken") { scene, generator in
            var sent = scene.answer
            sent.target = pick(
                [
                    "/", "/groups", "/people", "/plan", "/progress", "/missed", "/facesort.css",
                    "/face/\(scene.face).jpg", "/photo", "/?token=1",
                    "/group/0x\(random(3, &generator))", "/group", "/person", "/undo/", "/answer",
                    "/doubts", "/more-doubts", "/undo", "/sort", "/draw/\(scene.photo)",
                    "/person/\(scene.person)",
                ], &generator)
            return sent.bytes
        },
        Class("Bodies that are no forms") { scene, generator in
            var sent = scene.answer
            let form = sent.body ?? []
            switch Int.random(in: 0..<8, using: &generator) {
            case 0:
                sent.set(
                    "Content-Type",
                    pick(
                        [
                            nil, "text/plain", "multipart/form-data; boundary=x",
                            "application/json",
                            "application/x-www-form-urlencodedx", "", "text/html",
                        ], &generator))
            case 1: sent.body = form + Array("&x=%".utf8)
            case 2: sent.body = form + Array("&x=%G\(random(1, &generator))".utf8)
            case 3: sent.body = form + Array("&x=%C3%28".utf8)
            case 4:
                sent.body =
                    form + [0x26, 0x78, 0x3D, UInt8.random(in: 0x80...0xFF, using: &generator)]
            case 5: sent.body = form + Array("&name%00=1".utf8)
            case 6: sent.body = Array("{\"name\":\"Mallory\"}".utf8)
            default:
                sent.body = (0..<Int.random(in: 0..<400, using: &generator))
                    .map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            return sent.bytes
        },
        Class("Requests that are too large") { scene, generator in
            var sent = scene.answer
            let form = sent.body ?? []
            switch Int.random(in: 0..<20, using: &generator) {
            case 0:
                sent.body = form + [UInt8](repeating: 0x61, count: 1_100_000)
            case 1:
                sent.fields += (0..<200).map { ("X-\($0)", "1") }
            case 2...6: sent.set("X-Long", String(repeating: "x", count: 40_000))
            case 7...9: sent.target = "/" + String(repeating: "a", count: 100_000)
            case 10...12: sent.fields.append(("Cookie", String(repeating: "a=b; ", count: 20_000)))
            default:
                sent.bodyLength = pick(
                    [
                        "1048577", "99999999", "9223372036854775807", "18446744073709551616", "-1",
                        "1e9", "0x10", "+5", "99999999999999999999999",
                    ], &generator)
            }
            return sent.bytes
        },
        Class("Lengths and codings that contradict each other") { scene, generator in
            var sent = scene.answer
            let form = String(decoding: sent.body ?? [], as: UTF8.self)
            let field = pick(
                [
                    ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "xchunked"),
                    ("Transfer-Encoding", "chunked, identity"), ("Transfer-Encoding", "gzip"),
                    ("Content-Encoding", "gzip"), ("Content-Length", "3"),
                    ("Transfer-Encoding", "chunked\r\nTransfer-Encoding: x"), ("Expect", "300-x"),
                ], &generator)
            sent.fields.append(field)
            let start = pick(
                ["", "0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "g\r\n"], &generator)
            let isCompressed = field.0 == "Content-Encoding"
            // A second request behind the first: it, too, comes from nowhere.
            let smuggled =
                "\(start)POST \(scene.target) HTTP/1.1\r\nHost: \(scene.browser.host)\r\n"
                + "Content-Length: \(form.utf8.count)\r\n\r\n"
            sent.body =
                isCompressed || field.0 == "Expect"
                ? [0x1F, 0x8B, 8, 0, 0] + Array(smuggled.utf8) : Array((smuggled + form).utf8)
            return sent.bytes
        },
        Class("Bytes that are no requests") { scene, generator in
            let host = scene.browser.host
            let cookie = scene.browser.cookie
            let text = pick(
                [
                    "GET /\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                    "GET  /  HTTP/1.1\r\nHost: \(host)\r\n\r\n", "\r\n\r\n\r\n",
                    "GET / HTTP/1.1\r\n Host: \(host)\r\nCookie: \(cookie)\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost : \(host)\r\nCookie: \(cookie)\r\n\r\n",
                    "GET / HTTP/1.1\nX\n\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
                    "GET / HTTP/1.1\r\nHost: evil\r\nX: \(host)\r\nCookie: \(cookie)\r\n\r\n",
                    "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 5\r\n\r\n",
                    "*3\r\n$3\r\nSET\r\n", "SSH-2.0-x\r\n", "EHLO x\r\n",
                ], &generator)
            let noise = (0..<Int.random(in: 0..<60, using: &generator))
                .map { _ in UInt8.random(in: 0...255, using: &generator) }
            return Bool.random(using: &generator) ? noise + Array(text.utf8) : Array(text.utf8)
        },
        Class("Fields that do not fit") { scene, generator in
            var form = scene.form
            func change(_ name: String, _ value: String?) {
                form.removeAll { $0.0 == name }
                if let value { form.append((name, value)) }
            }
            switch Int.random(in: 0..<9, using: &generator) {
            case 0:
                change(
                    "revision",
                    pick([nil, "", "x", "1.5", "99999999999999999999", "0x1", " 1"], &generator))
            case 1: change("face", nil)
            case 2: change("face", random(16, &generator))
            case 3: change("face", pick(["../../x", "", "0", scene.face + "0"], &generator))
            case 4: form.append(("out", pick(["x", "", "..", random(15, &generator)], &generator)))
            case 5: form.append(("rest", pick(["x", "", "areOnePerson ", "2"], &generator)))
            case 6:
                form.append(
                    (
                        "same",
                        pick(
                            ["x", "p", "c0", "c-1", "p" + random(16, &generator), "c999999"],
                            &generator)
                    ))
            case 7: form.append(("do", pick(["x", "", "delete", "sort", "LATER"], &generator)))
            default: form += scene.form.filter { $0.0 == "face" }.map { ("out", $0.1) }
            }
            return scene.browser.post(scene.target, form).bytes
        },
        Class("Names that nobody can have") { scene, generator in
            let name = pick(
                [
                    "", "   ", "group", "Unknown", "unreadable", "..", ".", ".hidden", "a/b",
                    "../../etc/passwd", "/etc/passwd", "a\u{1}b", "a\nb", "copies",
                    String(repeating: "x", count: Int.random(in: 256..<2000, using: &generator)),
                    "<script>alert(1)</script>", "a\u{202E}b/c", "\u{7F}", "a\u{0}b", "\r\n",
                    random(3, &generator) + "/" + random(3, &generator),
                ], &generator)
            let form = scene.form.filter { $0.0 != "name" } + [("name", name)]
            return Bool.random(using: &generator)
                ? scene.browser.post(scene.target, form).bytes
                : scene.browser.post(
                    "/person/\(scene.person)",
                    [form[0], ("do", "rename"), ("name", name)]
                ).bytes
        },
        Class("Boxes that are around nothing") { scene, generator in
            let revision = scene.form[0]
            let number = {
                (generator: inout SplitMix64) in
                pick(
                    ["nan", "inf", "-1", "0", "1e308", "-1e308", "2", "0x1p3", "1,5", ""],
                    &generator)
            }
            let box = (0..<Int.random(in: 0...6, using: &generator))
                .map { _ in number(&generator) }.joined(separator: " ")
            var form = [revision, ("name", "Mallory"), ("box", box), ("do", "save")]
            if Bool.random(using: &generator) {
                form += [
                    ("centre.x", number(&generator)), ("centre.y", "-\(random(3, &generator))"),
                    ("size", pick(["", "9", "nan", "-0.1"], &generator)),
                ]
            }
            return scene.browser.post("/draw/\(scene.photo)", form).bytes
        },
        Class("Questions behind an address", .harmless) { scene, generator in
            let value = pick(
                [
                    "<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C/script%3E", "-1",
                    "99999999999999999999", "../../etc/passwd", "%00", "%", "%ff", "javascript:1",
                    "//evil.example", "http://evil.example", random(16, &generator), "",
                    "person-" + scene.person, "group-1%0d%0aSet-Cookie:%20a=b",
                ], &generator)
            let name = pick(
                ["done", "page", "for", "from", "face", "back", "size", "x", "name", "tab"],
                &generator)
            let page = pick(
                [
                    "/", "/groups", "/group/\(scene.group)", "/people", "/person/\(scene.person)",
                    "/missed", "/photo/\(scene.photo)", "/draw/\(scene.photo)", "/doubts",
                    "/duplicates", "/blurred", "/move", "/discard", "/look", "/dropped",
                ], &generator)
            return scene.browser.get("\(page)?\(name)=\(value)").bytes
        },
    ]

    /// Classes that are not about faces and names.
    private static let classesOfAnyPage = classes.filter { hostile in
        ![
            "Fields that do not fit", "Names that nobody can have",
            "Boxes that are around nothing",
        ]
        .contains(hostile.name)
    }

    /// Those of any page, and what fits no list of photos.
    static let classesForLists =
        classesOfAnyPage + [
            Class("Choices that are none") { scene, generator in
                let id = pick(
                    [
                        "", "x", "..", random(16, &generator), scene.photo + "0", "../../x",
                        scene.photo.uppercased() + "g", "<script>alert(1)</script>",
                    ], &generator)
                let list = pick(scene.lists + ["/undo", "/move"], &generator)
                var form = [
                    ("photo", id), (pick(["keep", "kept"], &generator), id),
                    ("do", pick(["save", "move", "suggested!", "", "delete"], &generator)),
                ]
                if list == "/undo" { form.append(("choices", pick(["", "x", ".."], &generator))) }
                if list == "/move" { form.append(("do", "x")) }
                if list == "/move" { form.removeFirst(3) }
                return scene.browser.post(list, form).bytes
            },
            Class("Moves that were not shown") { scene, generator in
                let revision = pick(
                    [nil, "", "x", "1.5", "99999999999999999999", "0x1", " 1"], &generator)
                let form = [("do", "move")] + (revision.map { [("revision", $0)] } ?? [])
                return scene.browser.post(scene.target, form).bytes
            },
            Class("Runs that are none") { scene, generator in
                let run = pick(
                    ["0", "-1", "7", "9999999", "../1", "x", "", random(4, &generator)], &generator)
                return scene.browser.post("/undo", [("run", run)]).bytes
            },
        ]

    /// Those of lists, and files.
    static let classesForKeepApply =
        classesForLists + [
            Class("Files that no page of ours sends") { scene, generator in
                let bytes = (0..<Int.random(in: 0..<400, using: &generator))
                    .map { _ in UInt8.random(in: 0...255, using: &generator) }
                var sent = scene.browser.drop(bytes, named: "a.jpg")
                switch Int.random(in: 0..<6, using: &generator) {
                case 0:
                    sent.set(
                        "Content-Type",
                        pick(
                            [
                                nil, "", "text/plain", "image/jpeg", "multipart/form-data",
                                "application/x-www-form-urlencoded", "application/octet-streamx",
                            ], &generator))
                case 1:
                    sent.set(
                        "Origin", pick([nil, "null", "http://evil.example", "file://"], &generator))
                case 2:
                    sent.set(
                        "Cookie", pick([nil, "facesort=1", random(32, &generator)], &generator))
                case 3:
                    sent.target =
                        "/dropped"
                        + pick(
                            [
                                "", "?", "?name=", "?name=%00", "?name=%", "?name=%ff", "?x=a.jpg",
                                "?name=" + String(repeating: "x", count: 300), "/?name=a",
                                "/a.jpg", "?name=%20%0a",
                            ], &generator)
                case 4:
                    sent.bodyLength = pick(
                        ["67108865", "99999999999", "-1", "9223372036854775808"], &generator)
                default: sent.method = pick(["PUT", "PATCH", "post", "DELETE"], &generator)
                }
                return sent.bytes
            },
            // Each is looked at, which takes a moment.
            Class("Files that are none, under names that lead elsewhere", .harmless, count: 40) {
                scene, generator in
                let name = pick(
                    [
                        "../../etc/passwd", "/etc/passwd", "..", ".", "-rf",
                        "<script>alert(1)</script>",
                        "a\u{202E}gpj.exe", "a\r\nSet-Cookie: x=y", "\u{FEFF}", "con.jpg",
                        String(repeating: "/", count: 255), "x.jpg/../../secret.txt", "$(id).png",
                    ], &generator)
                let start: [UInt8] = pick(
                    [
                        [], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
                        Array("\0\0\0\u{18}ftypheic".utf8), Array("GIF89a".utf8),
                        Array("%PDF".utf8),
                    ], &generator)
                let rest = (0..<Int.random(in: 0..<3000, using: &generator))
                    .map { _ in UInt8.random(in: 0...255, using: &generator) }
                return scene.browser.drop(start + rest, named: name).bytes
            },
        ]

    /// Those of any page, and labels that are none.
    static let classesForKeepLabel =
        classesOfAnyPage + [
            Class("Labels that are none") { scene, generator in
                let word = pick(
                    [nil, "", "x", "Keep", "keep ", "discard!", "move", "save"], &generator)
                let id = pick(
                    [
                        scene.photo, random(16, &generator), scene.photo + "0", "..",
                        scene.photo.uppercased() + "g",
                    ], &generator)
                // Sent twice, an honest one takes nothing back and is no error.
                if id != scene.photo, Bool.random(using: &generator) {
                    return scene.browser.post("/undo", [("photo", id)]).bytes
                }
                return scene.browser.post("/photo/\(id)", word.map { [("do", $0)] } ?? []).bytes
            }
        ]
}

private func pick<Element>(_ choices: [Element], _ generator: inout SplitMix64) -> Element {
    choices[Int.random(in: choices.indices, using: &generator)]
}

/// Hexadecimal digits.
private func random(_ count: Int, _ generator: inout SplitMix64) -> String {
    let digits = Array("0123456789abcdef")
    return String((0..<count).map { _ in pick(digits, &generator) })
}
