package pages

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pointstore/models/db"
)

// job is an import at work. The transaction behind it is all or nothing, so a
// job that is lost with its program has imported nothing.
type job struct {
	Village int64
	Kind    string
	Name    string // the file's

	mu          sync.Mutex
	done, total int
	over        bool
	err         error
	result      importResult
	endedAt     time.Time
}

// importResult is what the last page of an import says.
type importResult struct {
	Text   string // 导入 300 户、1,042 人
	Detail []string
}

// jobState is a job at one moment.
type jobState struct {
	Done, Total int
	Over        bool
	Err         error
	Result      importResult
}

func (j *job) state() jobState {
	j.mu.Lock()
	defer j.mu.Unlock()
	return jobState{j.done, j.total, j.over, j.err, j.result}
}

// progress is what an import calls between its chunks.
func (j *job) progress(done, total int) {
	j.mu.Lock()
	j.done, j.total = done, total
	j.mu.Unlock()
}

// jobs are the imports of this process, by operation id: pressing twice starts
// one. An ended job is remembered for an hour.
var jobs = struct {
	sync.Mutex
	byOp map[db.OpID]*job
}{byOp: map[db.OpID]*job{}}

const jobKept = time.Hour

// startJob runs an import in the background; the same operation again is the
// job that runs already.
func startJob(ctx context.Context, op db.OpID, j *job, run func(context.Context, func(done, total int)) (importResult, error)) *job {
	jobs.Lock()
	defer jobs.Unlock()
	for id, old := range jobs.byOp {
		if s := old.state(); s.Over && time.Since(old.endedAt) > jobKept {
			delete(jobs.byOp, id)
		}
	}
	if running := jobs.byOp[op]; running != nil && running.state().Err == nil {
		return running
	}
	jobs.byOp[op] = j
	go j.run(context.WithoutCancel(ctx), run)
	return j
}

func (j *job) run(ctx context.Context, run func(context.Context, func(done, total int)) (importResult, error)) {
	var r importResult
	var err error
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in an import: %v", p)
		}
		j.mu.Lock()
		j.over, j.err, j.result, j.endedAt = true, err, r, time.Now()
		j.mu.Unlock()
	}()
	r, err = run(ctx, j.progress)
}

// findJob is the job of an operation, nil when this process knows none.
func findJob(op db.OpID) *job {
	jobs.Lock()
	defer jobs.Unlock()
	return jobs.byOp[op]
}
