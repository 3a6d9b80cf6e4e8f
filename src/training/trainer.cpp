#include "training/trainer.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "easel/error.h"
#include "ops/ops.h"
#include "pictures/picture_file.h"
#include "tensor/cancellation_scope.h"
#include "training/losses/losses.h"
#include "training/training_log.h"

namespace easel {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Only the model itself, group 0, is averaged: nothing reads the average of what serves its training.
OptimizerOptions optimizer_options(const TrainerOptions& options, size_t group) {
  OptimizerOptions own = options.optimizer;
  own.use_ema = own.use_ema && group == 0;
  return own;
}

NamedTensors on_host(NamedTensors tensors) {
  for (auto& [name, tensor] : tensors) tensor = to_host(tensor);
  return tensors;
}

// Means of named values over the steps since the last line of the log.
class Means {
 public:
  void add(const std::string& name, double value) {
    auto& [sum, count] = sums_[name];
    sum += value;
    ++count;
  }
  std::vector<std::pair<std::string, double>> take() {
    std::vector<std::pair<std::string, double>> means;
    for (const auto& [name, sum] : sums_) means.emplace_back(name, sum.first / static_cast<double>(sum.second));
    sums_.clear();
    return means;
  }

 private:
  std::map<std::string, std::pair<double, int64_t>> sums_;
};

class Trainer {
 public:
  Trainer(TrainingTask& task, const TrainerOptions& options, const TrainingCallbacks& callbacks,
          ProcessGroup* processes);
  void run();

 private:
  void resume();
  void do_step();
  void backward_through(size_t group);
  void after_step();
  void log_line();
  void save_checkpoint();
  void save_samples();
  double learning_rate(int64_t step) const { return options_.learning_rate * options_.lr_schedule.factor(step); }
  bool writes_files() const { return processes_ == nullptr || processes_->rank() == 0; }
  void stop_if_interrupted() const;
  void average_over_processes(Optimizer& optimizer);
  void require_finite(double value, const char* what) const;

  TrainingTask& task_;
  const TrainerOptions& options_;
  const TrainingCallbacks& callbacks_;
  ProcessGroup* processes_;
  bool stop_asked_ = false;  // by any process
  std::vector<Optimizer> optimizers_;
  TrainingLog log_;
  Means means_;
  int64_t step_ = 0;  // steps done
  int64_t first_step_ = 0, logged_step_ = 0, saved_step_ = -1;
  Clock::time_point start_ = Clock::now(), line_start_ = start_, saved_at_ = start_;
};

Trainer::Trainer(TrainingTask& task, const TrainerOptions& options, const TrainingCallbacks& callbacks,
                 ProcessGroup* processes)
    : task_(task), options_(options), callbacks_(callbacks), processes_(processes) {
  for (NamedTensors& leaves : task.parameter_groups())
    optimizers_.emplace_back(std::move(leaves), optimizer_options(options, optimizers_.size()));
  fs::create_directories(options_.output_dir);
  resume();
  if (writes_files()) log_.open(options_.output_dir, step_);
}

void Trainer::resume() {
  if (options_.checkpointing.resume.empty()) {
    if (has_checkpoint(options_.output_dir))
      throw Error(ErrorCode::InvalidArgument, "[train] " + options_.output_dir.string() +
                                                  " holds checkpoints of a training; go on with resume = latest, or "
                                                  "choose another output_dir");
    return;
  }
  const TrainingState state = read_checkpoint(options_.output_dir, options_.checkpointing.resume);
  for (Optimizer& optimizer : optimizers_) optimizer.restore(state.tensors);
  step_ = first_step_ = logged_step_ = saved_step_ = state.step;
  callbacks_.message("resumed at step " + std::to_string(step_));
}

void Trainer::stop_if_interrupted() const {
  if (stop_asked_ || (processes_ == nullptr && callbacks_.asked_to_stop()))
    throw Error(ErrorCode::Cancelled, "[train] stopped after step " + std::to_string(step_));
}

void Trainer::require_finite(double value, const char* what) const {
  if (std::isfinite(value)) return;
  throw Error(ErrorCode::Unsupported,
              "[train] step " + std::to_string(step_ + 1) + ": the " + what +
                  " is not a finite number; lower the learning rate and resume from " +
                  (saved_step_ > 0 ? "checkpoint-" + std::to_string(saved_step_) : "the start"));
}

void Trainer::backward_through(size_t group) {
  const int64_t accumulation = options_.gradient_accumulation_steps;
  for (int64_t micro = 0; micro < accumulation; ++micro) {
    const StepLoss loss = task_.loss(step_ * accumulation + micro, group);
    autograd().backward(weighted_sum({{1.0 / static_cast<double>(accumulation), loss.total}}));
    const double total = item(loss.total);
    require_finite(total, "loss");
    means_.add(group == 0 ? "loss" : "loss_" + std::to_string(group), total);
    for (const LossTerm& term : loss.terms) means_.add(term.name, item(term.value));
    if (group == 0) stop_if_interrupted();  // later, one group would be a step ahead of the others
  }
}

// Whether to stop is averaged along with the gradients, so that all stop after the same step.
void Trainer::average_over_processes(Optimizer& optimizer) {
  std::vector<Tensor> shared;
  for (const auto& [name, leaf] : optimizer.leaves())
    if (const Tensor gradient = autograd().gradient(leaf); gradient.defined()) shared.push_back(gradient);
  shared.push_back(to_backend(Tensor::full({1}, callbacks_.asked_to_stop() ? 1.0f : 0.0f), BackendKind::torch));
  processes_->average(shared);
  stop_asked_ = stop_asked_ || item(shared.back()) > 0;
}

void Trainer::do_step() {
  const double rate = learning_rate(step_);
  std::optional<CancellationShield> whole;  // from the first update on: what lies between two steps is no state
  for (size_t group = 0; group < optimizers_.size(); ++group) {
    const int64_t first = task_.first_step(group);
    if (step_ < first) continue;
    // A group's loss reaches the others' weights too; only its own may learn from it.
    for (Optimizer& optimizer : optimizers_) optimizer.clear_gradients();
    backward_through(group);
    if (processes_ != nullptr) average_over_processes(optimizers_[group]);
    if (!whole) whole.emplace();
    const double norm = optimizers_[group].step(step_ - first + 1, rate);
    require_finite(norm, "gradient's norm");
    means_.add(group == 0 ? "grad_norm" : "grad_norm_" + std::to_string(group), norm);
  }
  ++step_;
}

void Trainer::log_line() {
  TrainingProgress progress;
  progress.step = step_;
  progress.num_steps = options_.max_train_steps;
  progress.learning_rate = learning_rate(step_ - 1);
  const auto examples =
      static_cast<double>((step_ - logged_step_) * options_.gradient_accumulation_steps * task_.batch_size());
  progress.examples_per_s = examples / seconds_since(line_start_);
  progress.remaining_s = seconds_since(start_) / static_cast<double>(step_ - first_step_) *
                         static_cast<double>(options_.max_train_steps - step_);
  progress.values = means_.take();
  if (writes_files()) log_.add(progress);
  if (callbacks_.on_progress) callbacks_.on_progress(progress);
  logged_step_ = step_;
  line_start_ = Clock::now();
}

void Trainer::save_checkpoint() {
  if (saved_step_ == step_ || !writes_files()) return;
  TrainingState state{.step = step_, .config = options_.checkpointing.config, .tensors = {}};
  for (const Optimizer& optimizer : optimizers_) state.tensors.merge(optimizer.state());
  write_checkpoint(options_.output_dir, state, options_.checkpointing.total_limit);
  log_.draw_curve();
  saved_step_ = step_;
  saved_at_ = Clock::now();
  callbacks_.message("checkpoint-" + std::to_string(step_) + " written");
}

void Trainer::save_samples() {
  const NoGradient unrecorded;
  const Picture sheet = task_.sample_sheet(optimizers_[0].averaged());
  if (sheet.pixels.empty()) return;
  fs::create_directories(options_.output_dir / "samples");
  char name[32];
  std::snprintf(name, sizeof name, "step-%07lld.png", static_cast<long long>(step_));
  write_picture(options_.output_dir / "samples" / name, sheet);
  callbacks_.message("samples/" + std::string(name) + " written");
}

void Trainer::after_step() {
  const bool last = step_ == options_.max_train_steps;
  if (last || step_ % options_.logging_steps == 0) log_line();
  if (options_.sample_steps > 0 && writes_files() && (last || step_ % options_.sample_steps == 0)) save_samples();
  const CheckpointingOptions& checkpointing = options_.checkpointing;
  const bool due = (checkpointing.steps > 0 && step_ % checkpointing.steps == 0) ||
                   (checkpointing.minutes > 0 && seconds_since(saved_at_) > 60 * checkpointing.minutes);
  if (last || due) save_checkpoint();
}

void Trainer::run() {
  try {
    std::optional<CancellationShield> together;  // processes stop after the same step
    if (processes_ != nullptr) together.emplace();
    while (step_ < options_.max_train_steps) {
      do_step();
      after_step();
      stop_if_interrupted();
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Cancelled) throw;
    const CancellationShield whole;
    if (step_ > first_step_) save_checkpoint();
    throw Error(ErrorCode::Cancelled, "[train] stopped after step " + std::to_string(step_));
  }
  if (!writes_files()) return;
  task_.write_model(options_.output_dir / "model", on_host(optimizers_[0].averaged()));
  callbacks_.message("model written to " + (options_.output_dir / "model").string());
}

}  // namespace

void train(TrainingTask& task, const TrainerOptions& options, const TrainingCallbacks& callbacks,
           ProcessGroup* processes) {
  Trainer(task, options, callbacks, processes).run();
}

}  // namespace easel
