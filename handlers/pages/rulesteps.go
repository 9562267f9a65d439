package pages

import (
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/photo"
	"pointstore/models/scheme"
)

func (p *Pages) routesRuleSteps(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/rules/steps", door, p.RuleSteps)
	r.Post("/admin/:area/rules/steps", door, p.NoteRuleStep, web.Upload)
}

// ruleSteps are the six dated steps behind a village's version; a county's
// template has none.
func (p *Pages) ruleSteps(ctx context.Context, in rulesIn) ([]scheme.Step, error) {
	if in.County() {
		return nil, nil
	}
	return scheme.StepsOf(ctx, p.db, in.At.ID, in.Version.ID)
}

// ruleStepsPage writes the steps of 四议两公开 down, each by itself: some happen
// weeks after the version came into force.
type ruleStepsPage struct {
	rulesIn
	Steps  []ruleStep
	Photos []photoLine
	Done   int
}

type ruleStep struct {
	scheme.Step
	N       int
	Asks    string // what the step is about
	Counts  bool   // people were present and voted
	Open    bool   // the first that nobody wrote down, or the one that was refused
	Settled bool   // day and votes are the version's own
	Form    ruleStepForm
	Errors  map[string]string
	Photo   string // address of the picture
}

type ruleStepForm struct {
	Version int64  `form:"version,id32,required" label:"哪一版"`
	Step    string `form:"step,required" label:"哪一步" max:"16"`
	Day     string `form:"day" label:"日期" max:"20"`
	Present string `form:"present" label:"到会人数" max:"10"`
	Voted   string `form:"voted" label:"赞成人数" max:"10"`
	Place   string `form:"place" label:"地点" max:"64"`
	Note    string `form:"note" label:"说明" max:"200"`
}

func (p ruleStepsPage) View() (name, title string) { return "admin/rules_steps", "四议两公开" }

// ruleStepAsks say what a step is, and which of them count heads.
var ruleStepAsks = map[string]struct {
	text   string
	counts bool
}{
	scheme.StepBranch:  {"党支部哪天提出来的", false},
	scheme.StepCouncil: {"村党支部和村委会一起商量，多少人到会、多少人同意", true},
	scheme.StepParty:   {"党员大会审议，多少人到会、多少人同意", true},
	scheme.StepMeeting: {"村民会议或者村民代表会议定下来", true},
	scheme.StepOpen:    {"决议贴出来，从哪天起、贴在哪里", false},
	scheme.StepResult:  {"执行了一段，结果哪天公开、贴在哪里", false},
}

// versionAsked is the version that an address names, else the one in force or
// the newest.
func (p *Pages) versionAsked(c *fiber.Ctx, at int64) (scheme.Version, error) {
	ctx := c.UserContext()
	versions, err := scheme.Versions(ctx, p.db, at)
	if err != nil {
		return scheme.Version{}, err
	}
	if len(versions) == 0 {
		return scheme.Version{}, scheme.ErrNoRules
	}
	return pickRulesVersion(versions, versions[0], c.Query("version"))
}

// RuleSteps answers GET …/rules/steps.
func (p *Pages) RuleSteps(c *fiber.Ctx) error {
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	v, err := p.versionAsked(c, at.ID)
	if err != nil {
		return err
	}
	page, err := p.ruleStepsPage(c, rulesIn{At: at, Version: v}, ruleStepForm{}, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) ruleStepsPage(c *fiber.Ctx, in rulesIn, f ruleStepForm, why error) (ruleStepsPage, error) {
	page := ruleStepsPage{rulesIn: in}
	steps, err := p.ruleSteps(c.UserContext(), in)
	if err != nil {
		return page, err
	}
	if steps == nil {
		return page, models.ErrNotFound
	}
	if page.Photos, err = p.photosOf(c, in.At.ID, in.Version.ID); err != nil {
		return page, err
	}
	offered := false
	for i, s := range steps {
		ask := ruleStepAsks[s.Step]
		one := ruleStep{Step: s, N: i + 1, Asks: ask.text, Counts: ask.counts, Settled: s.Step == scheme.StepMeeting, Form: stepAsTyped(s)}
		if s.Step == f.Step {
			one.Form, one.Errors = f, web.Errors(why)
		}
		href := "/photos/" + models.ID32(in.At.ID) + "/" + models.ID32(s.Photo)
		if slices.ContainsFunc(page.Photos, func(l photoLine) bool { return l.Href == href }) { // it may have been removed
			one.Photo = href
		}
		if s.Day != "" {
			page.Done++
		}
		one.Open = len(one.Errors) > 0 || s.Day == "" && !offered && why == nil
		offered = offered || one.Open
		page.Steps = append(page.Steps, one)
	}
	return page, nil
}

func stepAsTyped(s scheme.Step) ruleStepForm {
	f := ruleStepForm{Day: string(s.Day), Place: s.Place, Note: s.Note}
	if s.Present > 0 {
		f.Present = strconv.Itoa(s.Present)
	}
	if s.Voted > 0 {
		f.Voted = strconv.Itoa(s.Voted)
	}
	return f
}

// NoteRuleStep answers POST …/rules/steps.
func (p *Pages) NoteRuleStep(c *fiber.Ctx) error {
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var f ruleStepForm
	op, err := web.Bind(c, &f)
	if f.Version == 0 {
		return err
	}
	b, failed := scheme.Load(c.UserContext(), p.db, at.ID, f.Version)
	if failed != nil {
		return failed
	}
	var s scheme.Step
	if err == nil {
		s, err = f.read()
	}
	if err == nil {
		s.Photo, err = p.stepPhoto(c, at.ID, b.Version.ID, f.Step)
	}
	if err == nil {
		err = scheme.NoteStep(c.UserContext(), p.db, op, web.Actor(c), at.ID, b.Version.ID, s)
	}
	if err != nil {
		page, failed := p.ruleStepsPage(c, rulesIn{At: at, Version: b.Version}, f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "“"+s.Name()+"”记好了")
	return web.See(c, rulesPath(at.ID, "steps")+versionQuery(b.Version.ID)+"#"+f.Step)
}

func (f ruleStepForm) read() (scheme.Step, error) {
	var t ruleTyped
	s := scheme.Step{Step: f.Step, Day: t.day("day", f.Day), Present: t.number("present", "到会人数", f.Present), Voted: t.number("voted", "赞成人数", f.Voted), Place: f.Place, Note: f.Note}
	return s, t.err
}

// stepPhoto keeps the photo of a form, if it brings one, and is else the one
// that the step has already.
func (p *Pages) stepPhoto(c *fiber.Ctx, at, version int64, step string) (int64, error) {
	ctx := c.UserContext()
	photos, err := p.photosIn(c, "photo")
	if err != nil {
		return 0, err
	}
	if len(photos) > 0 {
		op, err := web.Bind(c, &struct{}{})
		if err != nil {
			return 0, err
		}
		ids, err := award.KeepPhotos(ctx, p.db, web.Next(op, photoStep), web.Actor(c), at, photo.Version, version, photos...)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		return ids[0], nil
	}
	steps, err := scheme.StepsOf(ctx, p.db, at, version)
	for _, s := range steps {
		if s.Step == step {
			return s.Photo, err
		}
	}
	return 0, err
}
