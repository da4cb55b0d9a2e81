@main
enum Daypass { static func main() {} }
