// Measures the two networks by themselves, on one core, for Tests/Benchmarks/networks.py.

#include "benchmark.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

constexpr const char *usage =
    "OVERVIEW: Measure the detector's and the encoder's networks by themselves, on one core.\n"
    "\n"
    "USAGE: engine-benchmark detect --pyramid 6/5|4/3|3/2 [--networks f32|bf16] [--side <pixels>]\n"
    "                               [--threshold <score>] <photos> ...\n"
    "       engine-benchmark roof\n"
    "\n"
    "'detect' prints the boxes of the CNN in JPEG or PNG photos, in pixels, with their scores, "
    "and\n"
    "the CPU time of finding them, the best of three. Photos are searched at their own size, with\n"
    "--side resized so that the longer side has as many pixels; boxes count with scores above 0\n"
    "or --threshold. Without --networks the arithmetic that is quickest here is taken.\n"
    "\n"
    "'roof' prints, in 1e9 arithmetic operations a second, how fast both networks run and how\n"
    "fast oneDNN multiplies large matrices of the same type of numbers in the same run.\n"
    "\n"
    "EXIT STATUS:\n"
    "  0 done   1 failed   64 wrong usage\n";

struct WrongUsage {
    std::string what;
};

int32_t pyramidNamed(const std::string &name) {
    if (name == "6/5")
        return 6;
    if (name == "4/3")
        return 4;
    if (name == "3/2")
        return 3;
    throw WrongUsage{"there is no pyramid '" + name + "'"};
}

int32_t networksNamed(const std::string &name) {
    if (name == "f32")
        return CFACE_NETWORKS_F32;
    if (name == "bf16")
        return CFACE_NETWORKS_BF16;
    throw WrongUsage{"there are no networks '" + name + "'"};
}

double numberNamed(const std::string &text, double least, double most) {
    char *end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(number >= least && number <= most))
        throw WrongUsage{"'" + text + "' is no number that can be used here"};
    return number;
}

void detect(const std::vector<std::string> &arguments) {
    benchmark::Search search;
    std::vector<std::string> photos;
    for (size_t index = 0; index < arguments.size(); index++) {
        const std::string &argument = arguments[index];
        const auto value = [&] {
            if (++index == arguments.size())
                throw WrongUsage{"'" + argument + "' needs a value"};
            return arguments[index];
        };
        if (argument == "--pyramid")
            search.pyramid = pyramidNamed(value());
        else if (argument == "--networks")
            search.networks = networksNamed(value());
        else if (argument == "--side")
            search.side = static_cast<int32_t>(numberNamed(value(), 40, 8000));
        else if (argument == "--threshold")
            search.threshold = numberNamed(value(), -10, 10);
        else if (argument.rfind("--", 0) == 0)
            throw WrongUsage{"there is no option '" + argument + "'"};
        else
            photos.push_back(argument);
    }
    if (search.pyramid == 0 || photos.empty())
        throw WrongUsage{search.pyramid == 0 ? "'--pyramid' is missing" : "there is no photo"};
    benchmark::detect(search, photos);
}

void run(const std::vector<std::string> &arguments) {
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (command == "--help" || command == "-h")
        std::fputs(usage, stdout);
    else if (command == "detect")
        detect({arguments.begin() + 1, arguments.end()});
    else if (command == "roof" && arguments.size() == 1)
        benchmark::roof();
    else
        throw WrongUsage{command == "roof" ? "'roof' takes no arguments"
                         : command.empty() ? "there is no command"
                                           : "there is no command '" + command + "'"};
}

} // namespace

int main(int count, char **arguments) {
    try {
        benchmark::holdToThisThread();
        run({arguments + 1, arguments + count});
        return 0;
    } catch (const WrongUsage &wrong) {
        std::fprintf(stderr, "engine-benchmark: error: %s\n\n%s", wrong.what.c_str(), usage);
        return 64;
    } catch (const benchmark::Problem &problem) {
        std::fprintf(stderr, "engine-benchmark: error: %s\n  %s\n", problem.what(),
                     problem.remedy.c_str());
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "engine-benchmark: error: %s\n", failure.what());
    }
    return 1;
}
